import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/**
 * Reads in a transaction whose statements may take so long each.
 * @param limit in milliseconds
 * @returns null where one took longer
 */
export async function withinTime<T>(
  db: Database,
  limit: number,
  read: (tx: Tx) => Promise<T>,
): Promise<T | null> {
  try {
    return await db.transaction().execute(async tx => {
      await sql`select set_config('statement_timeout', ${String(limit)}, true)`.execute(tx);
      return await read(tx);
    });
  } catch (error) {
    // Class 57: `query_canceled`.
    if (error instanceof Error && 'code' in error && error.code === '57014') return null;
    throw error;
  }
}
