import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { StartError } from '../start-error.ts';

/** The user and group that PostgreSQL's processes run as; undefined: as we do. */
export type RunAs = { uid: number; gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root. As root, it runs as the owner of the cluster if there is one, else as `nobody`.
 * @param cluster the folder of the cluster, which may not exist yet.
 */
export function chooseUser(cluster: string): RunAs {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster);
    if (uid !== 0) return { uid, gid };
  }
  return { uid: idOfNobody('-u'), gid: idOfNobody('-g') };
}

/** Whether that user can enter or read the path, parents and all: asked by trying, so that every kind of right counts. */
export function canRead(path: string, user: RunAs): boolean {
  const script = 'test -r "$1" && { ! test -d "$1" || test -x "$1"; }';
  return tryAs(user, script, path);
}

/** Whether that user can pass through the folder to something it knows the name of. */
export function canEnter(folder: string, user: RunAs): boolean {
  return tryAs(user, 'test -x "$1"', folder);
}

function tryAs(user: RunAs, script: string, path: string): boolean {
  return (
    spawnSync('/bin/sh', ['-c', script, 'sh', path], { ...user, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

function idOfNobody(flag: '-u' | '-g'): number {
  try {
    return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  } catch (error) {
    throw new StartError(
      'PostgreSQL does not run as root, and this machine has no user "nobody" for it: start Sotto as another user, or set DATABASE_URL.',
      { cause: error },
    );
  }
}
