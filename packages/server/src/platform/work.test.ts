import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusMessage, memoryBus } from './bus/index.ts';
import { openDatabase } from './db/index.ts';
import { testDatabase } from './postgres/testing.ts';
import { Refusal, refuse } from './refusal.ts';
import { createTransact, type Transact, type Work } from './work.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let opened: ReturnType<typeof openDatabase>;
let transact: Transact;
const published: BusMessage[] = [];
beforeAll(async () => {
  database = await testDatabase();
  opened = openDatabase({ connection: database.connection });
  await sql`create table counters (id int primary key, n int not null)`.execute(opened.db);
  await sql`insert into counters values (1, 0), (2, 0)`.execute(opened.db);
  const bus = memoryBus(error => {
    throw error;
  });
  bus.subscribe(message => published.push(message));
  transact = createTransact(opened.db, bus);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

const count = ({ tx }: Work, id: number) => sql`update counters set n = n + 1 where id = ${id}`.execute(tx);
const tellOf = (work: Work, what: string, effects: string[]) => {
  work.emit({ kind: 'sessionsEnded', sessions: [what] });
  work.afterCommit(() => effects.push(what));
};

describe('a transaction that PostgreSQL ends for the sake of others', () => {
  it('RT-4 is done again after a deadlock, and tells only of what was committed, once', async () => {
    published.length = 0;
    const effects: string[] = [];
    const tries: string[] = [];
    const held = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
    const take = (name: 'first' | 'second', order: readonly [number, number]) =>
      transact(async work => {
        tries.push(name);
        await count(work, order[0]);
        tellOf(work, name, effects);
        held[name].resolve();
        // Each holds what the other is about to wait for.
        await Promise.all([held.first.promise, held.second.promise]);
        await count(work, order[1]);
        return name;
      });
    expect(await Promise.all([take('first', [1, 2]), take('second', [2, 1])])).toEqual(['first', 'second']);
    expect(tries.length).toBeGreaterThan(2);
    const { rows } = await sql<{ n: number }>`select n from counters order by id`.execute(opened.db);
    expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
    expect(effects.toSorted()).toEqual(['first', 'second']);
    expect(published.map(message => message.kind === 'sessionsEnded' && message.sessions[0]).sort()).toEqual([
      'first',
      'second',
    ]);
  });

  it('is given up after a few tries, with the error, and nothing is told', async () => {
    published.length = 0;
    const effects: string[] = [];
    let tries = 0;
    const failing = transact(async work => {
      tries++;
      tellOf(work, 'never', effects);
      await sql`do $$ begin raise exception 'no' using errcode = '40001'; end $$`.execute(work.tx);
    });
    await expect(failing).rejects.toMatchObject({ code: '40001' });
    expect({ tries, effects, published }).toEqual({ tries: 4, effects: [], published: [] });
  });

  it('what is refused, or wrong, is not done again', async () => {
    let tries = 0;
    const refused = transact(async () => {
      tries++;
      throw refuse('not_found');
    });
    await expect(refused).rejects.toBeInstanceOf(Refusal);
    const wrong = transact(async ({ tx }) => {
      tries++;
      await sql`insert into counters values (1, 0)`.execute(tx);
    });
    await expect(wrong).rejects.toMatchObject({ code: '23505' });
    expect(tries).toBe(2);
  });
});
