import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from '../data-folder/index.ts';
import type { Log } from '../log/index.ts';
import { StartError } from '../start-error.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { makeCluster } from './cluster.ts';
import { type Connection, ensureDatabase } from './database.ts';
import { endLeftover } from './leftover.ts';
import { type Location, locate, prepare } from './location.ts';
import { type Postmaster, PostmasterFailure, startPostmaster } from './postmaster.ts';

/** An own PostgreSQL, kept running. */
export type Postgres = {
  /** For `pg`: the application's role and database, over the socket file. */
  connection: Connection;
  /** The cluster's folder, for the start-up lines. */
  folder: string;
  /** Ends PostgreSQL; after `limitMs` (4,000 unless given) at once, to recover at the next start. Further calls wait for the same end. */
  stop(limitMs?: number): Promise<void>;
};

export type PostgresOptions = {
  /** Made if need be. */
  dataDir: string;
  log: Log;
  /** It keeps ending and is not started again. Without a handler this is an uncaught exception, which ends the process. */
  onLost?: (error: Error) => void;
};

/** Waits before each new start after PostgreSQL ended by itself; a minute of running forgives all. */
const backoffMs = [0, 250, 500, 1_000, 2_000, 4_000];
const forgivenAfterMs = 60_000;

/**
 * Starts the embedded PostgreSQL on a data folder: makes the cluster the first time, ends what a killed Sotto left, and
 * starts it again if it ends by itself.
 * @throws StartError if the folder is in use, unusable, or PostgreSQL does not come up.
 */
export async function startPostgres({ dataDir, log, onLost = rethrow }: PostgresOptions): Promise<Postgres> {
  const location = locate(dataDir);
  const lock = await takeLock(join(location.folder, 'lock'));
  if (lock === undefined)
    throw new StartError(
      `The database in ${location.folder} is in use by another Sotto: stop that one first.`,
    );
  try {
    const binaries = findBinaries(location.user);
    prepare(location);
    await endLeftover(location.cluster, log);
    await makeCluster(location, binaries);
    const first = await startFirst(location, binaries, log);
    const connection = await ensureDatabase(location.socketFolder);
    const running = keepRunning(first, () => start(location, binaries, log), log, onLost);
    const stop = async (limitMs = 4_000) => {
      await running.stop(limitMs);
      lock.release();
    };
    return { connection, folder: location.folder, stop };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startFirst(location: Location, binaries: Binaries, log: Log): Promise<Postmaster> {
  try {
    return await start(location, binaries, log);
  } catch (error) {
    if (!(error instanceof PostmasterFailure)) throw error;
    throw new StartError(`The database in ${location.folder} does not start. ${error.message}`, {
      cause: error,
    });
  }
}

/** Children of a postmaster that was killed hold its memory for a moment longer. */
async function start(location: Location, binaries: Binaries, log: Log): Promise<Postmaster> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      return await startPostmaster(location, binaries);
    } catch (error) {
      const held =
        error instanceof PostmasterFailure && /shared memory block|already exists/.test(error.message);
      if (!held || performance.now() > deadline) throw error;
      log.debug({ err: error }, 'PostgreSQL is still held by an old process');
      await delay(200);
      await endLeftover(location.cluster, log);
    }
  }
}

/** Starts it again when it ends by itself, until stopped. */
function keepRunning(
  first: Postmaster,
  startAgain: () => Promise<Postmaster>,
  log: Log,
  onLost: (error: Error) => void,
): { stop(limitMs: number): Promise<void> } {
  let current: Postmaster | undefined = first;
  const stopping = new AbortController();

  const watch = async (): Promise<void> => {
    let failures = 0;
    while (current !== undefined) {
      const since = performance.now();
      const end = await current.ended;
      current = undefined;
      if (stopping.signal.aborted) return;
      if (performance.now() - since > forgivenAfterMs) failures = 0;
      log.error({ end }, 'PostgreSQL ended by itself; starting it again');
      while (current === undefined && !stopping.signal.aborted) {
        const wait = backoffMs[failures++];
        if (wait === undefined) return onLost(new Error(`PostgreSQL keeps ending: ${end}`));
        await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (!stopping.signal.aborted)
          current = await startAgain().catch((error: Error) => noStart(error, log));
      }
      if (current !== undefined) log.info({ pid: current.pid }, 'PostgreSQL runs again');
    }
  };
  const watching = watch();

  return {
    async stop(limitMs) {
      stopping.abort();
      await current?.stop(limitMs);
      await watching.catch(() => undefined);
      // It may have come up between the two.
      await current?.stop(limitMs);
    },
  };
}

function noStart(err: Error, log: Log): undefined {
  log.error({ err }, 'PostgreSQL did not start');
}

function rethrow(error: Error): never {
  throw error;
}
