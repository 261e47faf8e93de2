import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { node, root } from './install.mjs';

const web = join(root, 'packages/web');
const dist = join(web, 'dist');
const stamp = join(dist, '.sources');
const sources = [
  'scripts/build-web.mjs',
  'package-lock.json',
  'packages/web/package.json',
  'packages/web/index.html',
  'packages/web/vite.config.ts',
  'packages/web/public',
  'packages/web/src',
  'packages/sdk/package.json',
  'packages/sdk/src',
  'packages/protocol/package.json',
  'packages/protocol/src',
];

/**
 * Builds the web client if its sources changed since the last build, and puts it in place in one step, so that a
 * running server never serves half of it. Returns whether it is there now.
 */
export function ensureWebBuilt() {
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  console.log('Building the web client…');
  const fresh = `${dist}-${process.pid}`;
  const args = [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    '--outDir',
    fresh,
    '--logLevel',
    'warn',
  ];
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: web, stdio: ['ignore', 'pipe', 'pipe'] });
  if (status !== 0) {
    process.stderr.write(Buffer.concat([stdout, stderr]));
    rmSync(fresh, { recursive: true, force: true });
    return false;
  }
  compress(fresh);
  writeFileSync(join(fresh, '.sources'), hash);
  const old = `${dist}-old-${process.pid}`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
  return true;
}

/** Text goes out compressed, once and for all: the server hands over `.br` or `.gz` to who takes it. */
function compress(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) continue;
    const path = join(folder, name);
    const bytes = readFileSync(path);
    if (bytes.length < 1024) continue;
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesIn)) {
    hash.update(`${path}\0`);
    hash.update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/** Every file below a path in a fixed order, but for tests. */
function filesIn(path) {
  if (!existsSync(join(root, path))) return [];
  if (/\.test\.tsx?$/.test(path)) return [];
  try {
    return readdirSync(join(root, path))
      .sort()
      .flatMap(name => filesIn(`${path}/${name}`));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
