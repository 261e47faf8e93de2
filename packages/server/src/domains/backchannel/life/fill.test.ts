import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { migrateToLatest } from '../../../platform/db/index.ts';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, messageOf, type Person, personOf, type Stage } from '../fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const ids = { ada: uuidv7(), bob: uuidv7(), conversation: uuidv7() };
const told = ['Grüße aus Łódź', '...', 'ışık 灯台', ''];

/** A database as migration 002 left it, in which two people wrote to each other by its own function. */
async function older(): Promise<void> {
  const { db } = stage.platform;
  await sql`drop schema public cascade`.execute(db);
  await sql`create schema public`.execute(db);
  await migrateToLatest(db, { upTo: '002-append-message' });
  const { ada, bob, conversation } = ids;
  await sql`insert into accounts (id, handle, name) values (${ada}, 'ada', 'Ada'), (${bob}, 'bob', 'Bob')`.execute(
    db,
  );
  await sql`insert into conversations (id, kind) values (${conversation}, 'direct')`.execute(db);
  await sql`insert into direct_conversations values (least(${ada}::uuid, ${bob}), greatest(${ada}::uuid, ${bob}), ${conversation})`.execute(
    db,
  );
  await sql`insert into members (conversation_id, account_id) values (${conversation}, ${ada}), (${conversation}, ${bob})`.execute(
    db,
  );
  const texts = [...told, ...Array.from({ length: 1100 }, (_, index) => `letter ${index}`)];
  await sql`
    select a.* from unnest(${texts}::text[]) t (text),
    append_message(${conversation}, ${ada}, uuidv7(), uuidv7(), t.text, now()) a`.execute(db);
}

const owed = async (): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from search_owed`.execute(stage.platform.db)).rows[0]
    ?.n ?? -1;
const found = async (who: Person, query: string): Promise<string[]> => {
  const answer = await stage.backchannel.routes['GET /v1/messages'](
    { query: { query, limit: 20 } },
    who.caller,
  );
  return answer.found.map(({ entry }) => messageOf(entry).text);
};

describe('BC-8 messages from before there was a search', () => {
  it('BC-8 are found once they were filled in, by several nodes at once, as if they were sent now', async () => {
    await older();
    await migrateToLatest(stage.platform.db);
    const ada = personOf(
      { account: ids.ada, session: uuidv7(), complete: true, admin: false },
      stage.backchannel,
      stage.graph,
    );
    // The empty one has nothing to be found by.
    expect(await owed()).toBe(told.length - 1 + 1100);
    expect(await found(ada, 'lodz')).toEqual([]);

    const away = stage.node();
    const running = [stage.backchannel.startFilling(), away.backchannel.startFilling()];
    await vi.waitFor(async () => expect(await owed()).toBe(0), 15_000);
    for (const each of running) await each.stop();
    await away.close();

    expect(await found(ada, 'LODZ gruse')).toEqual([]);
    expect(await found(ada, 'LODZ grusse')).toEqual(['Grüße aus Łódź']);
    expect(await found(ada, '灯台')).toEqual(['ışık 灯台']);
    expect(await found(ada, 'letter 1099')).toEqual(['letter 1099']);
    for (const text of told.slice(0, -1)) await ada.send(ids.conversation, text);
    const { rows } = await sql<{ texts: number; searches: number; words: boolean }>`
      select count(*)::int as texts, count(distinct coalesce(search::text, ''))::int as searches,
        bool_or(search is not null) as words
      from log_entries where text = any(${told.slice(0, -1)}::text[])
      group by text order by text`.execute(stage.platform.db);
    expect(rows.map(row => [row.texts, row.searches])).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
    expect(rows.filter(row => row.words)).toHaveLength(2);
  }, 40_000);
});
