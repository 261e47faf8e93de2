import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { StartError, systemCode } from '../start-error.ts';
import { machineFolder } from './binaries.ts';
import { canEnter, chooseUser, type RunAs } from './runAs.ts';

/** Where a data folder's database lies, and who runs it. All paths are absolute and free of links. */
export type Location = {
  /** Ours alone; holds the rest. */
  folder: string;
  /** PostgreSQL's data directory; exists once it is complete. */
  cluster: string;
  /** Of the socket file. */
  socketFolder: string;
  /** PostgreSQL's own messages. */
  logFile: string;
  user: RunAs;
};

/** `sun_path` holds 108 bytes on Linux and 104 elsewhere, with a zero at the end; the file's name takes 14. */
const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length;

/**
 * Finds or makes the folder `postgres` in the data folder. Where we are root and the user who runs PostgreSQL cannot
 * get there (a private home), it lies under {@link machineFolder}, and `postgres` is a link to it: the link travels
 * with the data folder and goes with it, so a removed data folder is a fresh start.
 */
export function locate(dataDir: string): Location {
  const path = join(dataDir, 'postgres');
  if (!exists(path)) make(path, dataDir);
  const folder = followLink(path);
  const cluster = join(folder, 'cluster');
  const user = chooseUser(cluster);
  if (!canEnter(folder, user))
    throw new StartError(
      `The user who runs PostgreSQL cannot enter ${folder}: let everyone pass through the folders above it.`,
    );
  return {
    folder,
    cluster,
    socketFolder: nearSocketFolder(folder),
    logFile: join(folder, 'postgres.log'),
    user,
  };
}

/**
 * Clears what a kill left half done, and makes the folder of the socket. Only with the folder's lock in hand.
 * @throws StartError if someone else has the socket's place.
 */
export function prepare({ folder, socketFolder, user }: Location): void {
  for (const name of readdirSync(folder)) if (name.startsWith(halfMade)) removeIfIdle(join(folder, name));
  if (!exists(socketFolder)) makePrivate(socketFolder, user);
  // In /tmp anyone could have been quicker: with the socket in their folder they would own the database.
  const { uid, mode } = lstatSync(socketFolder);
  const isOurs = uid === (user?.uid ?? process.getuid?.() ?? uid) && (mode & 0o170077) === 0o040000;
  if (!isOurs)
    throw new StartError(
      `${socketFolder} belongs to someone else: remove it, or use a shorter path for SOTTO_DATA.`,
    );
}

/** The `initdb` of a killed Sotto may still be writing there; then a later start removes it. */
function removeIfIdle(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOTEMPTY') throw error;
  }
}

/** Folders that begin so are being made; they are renamed when complete. */
export const halfMade = 'half-';

function make(path: string, dataDir: string): void {
  const user = chooseUser(path);
  if (user === undefined || canEnter(dataDir, user)) {
    makePrivate(path, user);
    return;
  }
  mkdirSync(machineFolder, { recursive: true, mode: 0o755 });
  chmodSync(machineFolder, 0o755);
  const elsewhere = join(machineFolder, `data-${randomBytes(6).toString('hex')}`);
  makePrivate(elsewhere, user);
  symlinkSync(elsewhere, path);
}

function makePrivate(folder: string, user: RunAs): void {
  mkdirSync(folder, { mode: 0o700 });
  own(folder, user);
}

function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new StartError(
      `${path} points to a database folder that is not there: bring it back, or remove the link to start afresh.`,
      {
        cause: error,
      },
    );
  }
}

/** A long path has its socket in a short one, which the hash makes the same at every start. */
function nearSocketFolder(folder: string): string {
  const near = join(folder, 'socket');
  if (Buffer.byteLength(near) <= longestSocketFolder) return near;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join('/tmp', `sotto-${process.getuid?.() ?? 0}-${name}`);
}

export function own(path: string, user: RunAs): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
