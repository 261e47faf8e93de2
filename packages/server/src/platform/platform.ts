import type { Blobs } from './blobs/index.ts';
import type { Bus } from './bus/index.ts';
import type { Database } from './db/index.ts';
import type { Log } from './log/index.ts';
import type { Metrics } from './metrics/index.ts';
import type { Transact } from './work.ts';

/** What every domain stands on. Made by `app.ts`, passed to each `create…`. */
export interface Platform {
  db: Database;
  /** One transaction per action; events go out after its commit. */
  transact: Transact;
  bus: Bus;
  blobs: Blobs;
  log: Log;
  metrics: Metrics;
  /** The clock; tests turn it. */
  now(): Date;
}
