import { root } from '../test/root.ts';
import { checkBoundaries } from './check.ts';
import { readImports } from './imports.ts';

const imports = readImports(root);
const broken = checkBoundaries(imports);
for (const line of broken) console.error(line);
console.log(`${imports.length} imports, ${broken.length} against the rules`);
process.exitCode = broken.length === 0 ? 0 : 1;
