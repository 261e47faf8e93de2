import { fileURLToPath } from 'node:url';
import { checkBoundaries } from './check.ts';
import { readImports } from './imports.ts';

const imports = readImports(fileURLToPath(new URL('../..', import.meta.url)));
const broken = checkBoundaries(imports);
for (const line of broken) console.error(line);
console.log(`${imports.length} imports, ${broken.length} against the rules`);
process.exitCode = broken.length === 0 ? 0 : 1;
