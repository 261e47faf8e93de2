export {
  type Connection,
  type Database,
  type Executor,
  openDatabase,
  type Tx,
} from './database.ts';
export { migrateToLatest } from './migrate.ts';
export { prepared } from './prepared.ts';
export type { Schema } from './schema.ts';
export { withinTime } from './within-time.ts';
