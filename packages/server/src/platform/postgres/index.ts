export type { Connection } from './database.ts';
export { type Postgres, type PostgresOptions, startPostgres } from './supervisor.ts';
