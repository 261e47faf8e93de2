import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../postgres/testing.ts';
import { openDatabase } from './database.ts';
import { prepared } from './prepared.ts';

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

describe('a prepared statement', () => {
  const counted = prepared('counted', 'select $1::int + 1 as one_more');

  it('is parsed once on each connection, inside of a transaction and outside; another is not kept', async () => {
    const database = await testDatabase();
    const opened = openDatabase({ connection: database.connection, max: 1 });
    try {
      const { db } = opened;
      expect((await counted.run(db, [1])).rows).toEqual([{ one_more: 2 }]);
      expect((await db.transaction().execute(tx => counted.run(tx, [2]))).rows).toEqual([{ one_more: 3 }]);
      await sql`select ${3}::int`.execute(db);
      const kept =
        await sql`select name, generic_plans + custom_plans as runs from pg_prepared_statements`.execute(db);
      expect(kept.rows).toEqual([{ name: 'counted', runs: 2 }]);
    } finally {
      await opened.close();
      await database.drop();
    }
  });
});
