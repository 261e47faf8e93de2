// Plain JavaScript for any Node from 20 on: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureWebBuilt } from './build-web.mjs';
import { ensureInstalled, node, root } from './install.mjs';

const launcher = process.ppid;
ensureInstalled();

const dev = process.argv.includes('--dev');
const help = process.argv.includes('--help');
const server = join(root, 'packages/server/src/main.ts');

if (dev) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const page = '5173';
  run(
    [
      // With its screen cleared at each reload, the sign-in code would be gone before it is read.
      ['--watch', '--watch-preserve-output', server],
      [
        vite,
        join(root, 'packages/web'),
        '--port',
        page,
        '--strictPort',
        '--clearScreen',
        'false',
        '--logLevel',
        'warn',
      ],
    ],
    {
      // The page comes from Vite, which passes calls on: for the server that is where Sotto is open.
      PUBLIC_URL: process.env.PUBLIC_URL || `http://localhost:${page}`,
      SOTTO_API: `http://localhost:${process.env.PORT || 7440}`,
    },
  );
} else {
  if (!help && !ensureWebBuilt()) {
    console.error('The web client could not be built; the lines above say why.');
    process.exit(1);
  }
  run([[server, ...process.argv.slice(2)]], {});
}

/**
 * Runs programs under the pinned Node until the first one ends, then ends the others and exits as it did. Each holds a
 * channel to us, which tells it when we are gone, however we went.
 */
function run(programs, extraEnv) {
  const env = { ...process.env, ...extraEnv };
  const children = programs.map(args => {
    const child = spawn(node, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    child.on('exit', (code, signal) => finish(code ?? (signal === null ? 1 : 0)));
    child.on('error', error => {
      console.error(`Node could not be run (${error.message}): remove node_modules and try again.`);
      finish(1);
    });
    return child;
  });
  let exitCode;
  const finish = code => {
    exitCode ??= code;
    const alive = children.filter(child => child.exitCode === null && child.signalCode === null);
    if (alive.length === 0) process.exit(exitCode);
    for (const child of alive) child.kill('SIGTERM');
  };
  // On Ctrl-C the terminal tells the children as well; they take several for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      for (const child of children) child.kill(signal);
    });
  stopWithNpm(children);
}

/** A `kill -9` of npm would leave us running unseen. (Its script says `exec`, so npm itself is our parent.) */
function stopWithNpm(children) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const look = () => {
    if (process.ppid === launcher) return;
    for (const child of children) child.kill('SIGTERM');
  };
  setInterval(look, 500).unref();
}
