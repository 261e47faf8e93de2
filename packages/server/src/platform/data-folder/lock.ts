import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode } from '../start-error.ts';

/** Held until `release()` (again and again does no harm), or until the process ends in any way. */
export type Lock = { release(): void };

/** How long a Sotto that was just killed or stopped may still be on its way out. */
const patienceMs = 3_000;

/** {@link tryLock}, waiting a few seconds for the one before us to be gone. */
export async function takeLock(file: string): Promise<Lock | undefined> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== undefined || performance.now() > deadline) return lock;
    await delay(50);
  }
}

/**
 * Takes the lock on a file, which is made if need be; undefined if another process (or this one) holds it.
 *
 * Node has no `flock`, and a file with a process id in it outlives a `kill -9`. SQLite's exclusive transaction is a
 * lock of the kernel's on the file: it goes with the process. Nothing is ever written to the file.
 */
function tryLock(file: string): Lock | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    release: () => {
      if (database.isOpen) database.close();
    },
  };
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return (
    systemCode(error) === 'ERR_SQLITE_ERROR' &&
    error instanceof Error &&
    'errcode' in error &&
    error.errcode === sqliteBusy
  );
}
