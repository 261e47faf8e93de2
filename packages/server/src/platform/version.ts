import { readFileSync } from 'node:fs';
import { z } from 'zod';

const file = new URL('../../../../package.json', import.meta.url);

/** Of Sotto as a whole: what the root's package.json says. */
export const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
