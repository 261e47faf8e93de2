// Plain JavaScript for any Node from 20 on; the rest runs under the pinned one.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, node, root } from '../install.mjs';

ensureInstalled();
const child = spawn(node, [join(root, 'scripts/test/main.ts')], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', code => process.exit(code ?? 1));
