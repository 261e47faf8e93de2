// Writes the pages that are generated from the code: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { configPage } from '../packages/server/src/config/help.ts';

writeFileSync(new URL('../docs/CONFIG.md', import.meta.url), configPage());
