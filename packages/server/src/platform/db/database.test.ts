import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../postgres/testing.ts';
import { openDatabase } from './database.ts';

describe('a connection to the database that breaks', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('while it is at work, rejects its query, does not end the process, and the next query has another', async () => {
    const opened = openDatabase({ connection: database.connection, max: 2 });
    const uncaught: unknown[] = [];
    const keep = (error: unknown) => uncaught.push(error);
    process.on('uncaughtException', keep);
    try {
      await expect(
        opened.db.transaction().execute(async tx => {
          const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
          await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(opened.db);
          // Idle inside its transaction, the connection is told that it is over; no query is there to hear it.
          for (;;) await sql`select 1`.execute(tx);
        }),
      ).rejects.toThrow();
      await opened.ping();
      expect(uncaught).toEqual([]);
    } finally {
      process.off('uncaughtException', keep);
      await opened.close();
    }
  });
});
