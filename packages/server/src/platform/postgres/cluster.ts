import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.ts';
import type { Binaries } from './binaries.ts';
import { halfMade, type Location, own } from './location.ts';

/** The role that owns the cluster; the application's own role may do less. */
export const superuser = 'postgres';

const run = promisify(execFile);

/** Only what PostgreSQL needs: none of our environment's secrets, and no `PG…` variable that would steer it. */
export const cleanEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes the cluster on the first start. It is made beside its place and renamed when it is complete and on the disk, so
 * a kill at any moment leaves either none or a whole one.
 *
 * The built-in locale sorts the same on every machine and after every upgrade of its C library.
 */
export async function makeCluster({ folder, cluster, user }: Location, binaries: Binaries): Promise<void> {
  if (existsSync(cluster)) return checkVersion(cluster, binaries);
  const half = mkdtempSync(join(folder, halfMade));
  own(half, user);
  const args = [
    ...['-D', half, '-U', superuser, '--encoding=UTF8', '--no-instructions'],
    ...['--auth-local=trust', '--auth-host=reject'],
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ];
  try {
    await run(binaries.initdb, args, { ...user, cwd: '/', env: cleanEnv });
  } catch (error) {
    const detail = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new StartError(`The database could not be made in ${folder}: ${detail || String(error)}`, {
      cause: error,
    });
  }
  renameSync(half, cluster);
}

function checkVersion(cluster: string, { major }: Binaries): void {
  const made = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (made !== major)
    throw new StartError(
      `The database in ${cluster} was made by PostgreSQL ${made}, and this is ${major}: move it over with pg_dump, or use the Sotto that made it.`,
    );
}
