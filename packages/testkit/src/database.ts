import type { Postgres } from '@sotto/server';
import { testDatabase } from '@sotto/server/testing';

/** A database of a test's own, for servers in processes of their own. */
export interface SharedDatabase {
  /** As `DATABASE_URL`. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Needs vitest with the test cluster as its global set-up. */
export async function sharedDatabase(): Promise<SharedDatabase> {
  const { connection, drop } = await testDatabase();
  return { url: databaseUrl(connection), drop };
}

/** As `DATABASE_URL`. */
export const databaseUrl = ({ host, port, user, database }: Postgres['connection']): string =>
  `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
