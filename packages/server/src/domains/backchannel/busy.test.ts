import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, type Person, type Stage } from './fixture.ts';
import { type Appended, appendMany, appendMessages, type Draft } from './store/log.ts';

let stage: Stage;
let people: Person[];
beforeAll(async () => {
  stage = await createStage();
  people = await Promise.all(
    ['mod', 'ann', 'bo', 'cy', 'gone', 'silent'].map(name => stage.person(`busy.${name}`)),
  );
  const [, , bo, cy, , silent] = people as [Person, Person, Person, Person, Person, Person];
  await bo.block(cy);
  await stage.platform.db
    .updateTable('accounts')
    .set({ silenced_until: new Date(stage.clock.now.getTime() + 3_600_000) })
    .where('id', '=', silent.id)
    .execute();
});
afterAll(() => stage.close());

/** A room's talk: `mod` moderates it, `gone` has left it. */
async function talk(options: { on?: boolean; slow?: number } = {}): Promise<string> {
  const { db } = stage.platform;
  const [mod] = people as [Person];
  const room = await db
    .insertInto('rooms')
    .values({ title: 'Busy', topics: [], visibility: 'open', key: uuidv7(), opened_by: mod.id })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('conversations')
    .values({
      kind: 'room',
      room_id: room.id,
      talk_on: options.on ?? true,
      slow_seconds: options.slow ?? 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('members')
    .values(
      people.map((person, index) => ({
        conversation_id: id,
        account_id: person.id,
        state: index === 4 ? ('left' as const) : ('active' as const),
        role: index === 0 ? ('admin' as const) : ('member' as const),
      })),
    )
    .execute();
  return id;
}

/** What is to be the same, whichever way it was written. */
const facts = (all: readonly Appended[]) =>
  all.map(each => ({
    outcome: each.outcome,
    seq: 'seq' in each ? each.seq : null,
    withheld: 'withheld' in each ? (each.withheld ?? []).toSorted() : [],
  }));

const logOf = async (conversation: string) => {
  const { rows } = await sql<{ seq: number }>`
    select seq, sender_id, client_id, text, created_at,
      -- The conversation's own id is among the words of each.
      replace(search::text, ${conversation}, '') as search
    from log_entries where conversation_id = ${conversation} order by seq`.execute(stage.platform.db);
  return rows;
};

const unreadOf = (conversation: string) =>
  Promise.all(people.slice(0, 4).map(async person => (await person.get(conversation)).unread));

describe('RT-10 many at once into one talk', () => {
  const stranger = uuidv7();
  const [first, second] = [uuidv7(), uuidv7()];
  const draft = (conversation: string, sender: string, text: string, clientId = uuidv7()): Draft => ({
    conversation,
    sender,
    clientId,
    text,
    extra: null,
  });

  it.each([
    ['as it is', {}],
    ['switched off', { on: false }],
    ['slowed down', { slow: 15 }],
  ])('are written by the rules of one by one: %s', async (_, options) => {
    const at = stage.clock.now;
    const ids = people.map(person => person.id) as [string, string, string, string, string, string];
    const [mod, ann, bo, cy, gone, silent] = ids;
    const clients = Array.from({ length: 12 }, () => uuidv7());
    const drafts = (to: string) => [
      draft(to, ann, 'one', first),
      draft(to, mod, 'two words', clients[1]),
      draft(to, bo, 'three', second),
      draft(to, gone, 'gone', clients[2]),
      draft(to, silent, 'silent', clients[3]),
      draft(to, stranger, 'stranger', clients[4]),
      draft(to, cy, '👋', clients[5]),
      draft(to, ann, 'four', clients[6]),
    ];
    const again = (to: string) => [
      draft(to, ann, 'one', first),
      draft(to, bo, 'another text', second),
      draft(to, cy, 'five', clients[7]),
      draft(to, ann, 'six', clients[8]),
    ];
    const [single, many] = [await talk(options), await talk(options)];
    const minted = (all: Draft[]) => all.map(each => ({ ...each, id: uuidv7() }));
    const { db } = stage.platform;
    for (const batch of [drafts, again]) {
      const oneByOne: Appended[] = [];
      for (const each of minted(batch(single))) oneByOne.push(...(await appendMessages(db, [each], at)));
      expect(facts(await appendMany(db, minted(batch(many)), at))).toEqual(facts(oneByOne));
    }
    expect(await logOf(many)).toEqual(await logOf(single));
    expect(await unreadOf(many)).toEqual(await unreadOf(single));
    expect((await logOf(many)).length).toBeGreaterThan(0);
  });

  it('a client id that comes twice in one batch is one message', async () => {
    const [, ann, bo] = people as [Person, Person, Person];
    const to = await talk();
    const clientId = uuidv7();
    const drafts = [
      draft(to, ann.id, 'once', clientId),
      draft(to, ann.id, 'once', clientId),
      draft(to, ann.id, 'other', clientId),
      draft(to, bo.id, 'once', clientId),
    ].map(each => ({ ...each, id: uuidv7() }));
    const outcomes = (await appendMany(stage.platform.db, drafts, stage.clock.now)).map(each => each.outcome);
    expect(outcomes).toEqual(['written', 'repeated', 'reused', 'written']);
    expect(await logOf(to)).toHaveLength(2);
  });

  it('a hundred at once through the front door: one log without a gap, each answered with its place', async () => {
    const to = await talk();
    const [mod, ann, bo] = people as [Person, Person, Person];
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, n) => [mod, ann, bo][n % 3]?.send(to, `busy ${n}`)),
    );
    const log = await logOf(to);
    expect(log.map(entry => entry.seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(sent.map(each => each?.seq).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      log.map(entry => entry.seq),
    );
  });
});
