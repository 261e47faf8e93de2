export {
  type Connection,
  type Database,
  type Executor,
  type OpenDatabase,
  openDatabase,
  type Tx,
} from './database.ts';
export { migrateToLatest } from './migrate.ts';
export type { Schema } from './schema.ts';
