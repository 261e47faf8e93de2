import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderBlobs } from './blobs/index.ts';
import { type BusMessage, memoryBus } from './bus/index.ts';
import { openDatabase } from './db/index.ts';
import { createLog } from './log/index.ts';
import { createMetrics } from './metrics/index.ts';
import type { Platform } from './platform.ts';
import { testDatabase } from './postgres/testing.ts';
import { createTransact } from './work.ts';

export interface TestPlatform extends Platform {
  /** All that was published, oldest first. A test that counts empties it before. */
  heard: BusMessage[];
  /** Lines of the log, of level warn or above. */
  logged: string[];
  /** Where the blobs are. */
  folder: string;
  /** Lets milliseconds pass, for `now()` alone. */
  pass(milliseconds: number): void;
  close(): Promise<void>;
}

/** The real platform on a database and a folder of its own: for tests of a domain without a server around it. */
export async function testPlatform(): Promise<TestPlatform> {
  const database = await testDatabase();
  const { db, close } = openDatabase({ connection: database.connection });
  const folder = await mkdtemp(join(tmpdir(), 'sotto-blobs-'));
  const heard: BusMessage[] = [];
  const logged: string[] = [];
  const log = createLog({ level: 'warn', format: 'json' }, { write: line => void logged.push(line) });
  const bus = memoryBus(error => log.error({ err: error }, 'bus listener failed'));
  bus.subscribe(message => heard.push(message));
  let passed = 0;
  return {
    db,
    transact: createTransact(db, bus),
    bus,
    blobs: folderBlobs(folder),
    log,
    metrics: createMetrics(),
    now: () => new Date(Date.now() + passed),
    heard,
    logged,
    folder,
    pass: milliseconds => {
      passed += milliseconds;
    },
    close: async () => {
      await bus.close();
      await close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
