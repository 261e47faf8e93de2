// Plain JavaScript for any Node from 20 on: this runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The pinned Node, which is a dependency. */
export const node = join(root, 'node_modules/.bin/node');

/** Installs what the lock file names, if something is missing. Exits if that fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing what Sotto needs (once)…');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const { status } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, options);
  if (status === 0 && isInstalled()) return;
  console.error('The installation failed: is the npm registry reachable, and this folder writable?');
  process.exit(1);
}

/**
 * Whether every package of the lock file is there in its version. npm writes its own list of what it installed, last of
 * all; what is optional may be missing (other platforms' binaries).
 */
function isInstalled() {
  if (!existsSync(node)) return false;
  try {
    const wanted = packagesOf('package-lock.json');
    const present = packagesOf('node_modules/.package-lock.json');
    return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
      const there = present[path];
      if (there === undefined) return path === '' || optional === true;
      return there.version === version && there.integrity === integrity;
    });
  } catch {
    return false;
  }
}

function packagesOf(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
}
