import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../platform/db/index.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, type Person, type Stage } from './fixture.ts';
import type { MessageExtra } from './rows.ts';
import { type Appended, appendMany, appendOne, type Draft } from './store/log.ts';

let stage: Stage;
let people: Record<Name, Person>;
type Name = (typeof names)[number];
const names = ['mod', 'ann', 'bo', 'cy', 'gone', 'silent'] as const;

beforeAll(async () => {
  stage = await createStage();
  const all = await Promise.all(names.map(async name => [name, await stage.person(`busy.${name}`)] as const));
  people = Object.fromEntries(all) as Record<Name, Person>;
  await people.bo.block(people.cy);
  const { db } = stage.platform;
  await db
    .updateTable('accounts')
    .set({ silenced_until: new Date(stage.clock.now.getTime() + 3_600_000) })
    .where('id', '=', people.silent.id)
    .execute();
  await db.insertInto('backchannel_choices').values({ account_id: people.mod.id, receipts: false }).execute();
  await db
    .insertInto('push_subscriptions')
    .values({
      account_id: people.cy.id,
      session_id: people.cy.viewer.session,
      endpoint: 'https://push.example/cy',
      p256dh: '',
      auth: '',
      created_at: stage.clock.now,
    })
    .execute();
});
afterAll(() => stage.close());

interface Setting {
  kind: 'direct' | 'group' | 'room' | 'stage';
  /** Who is in it, and how. */
  members: Partial<Record<Name, 'active' | 'left' | 'new'>>;
  on?: boolean;
  slow?: number;
  frozen?: boolean;
  archived?: Name;
}

const everyone = {
  mod: 'active',
  ann: 'active',
  bo: 'active',
  cy: 'active',
  gone: 'left',
  silent: 'active',
} as const;
const settings: Record<string, Setting> = {
  room: { kind: 'room', members: everyone },
  'room switched off': { kind: 'room', members: everyone, on: false },
  'room slowed down': { kind: 'room', members: everyone, slow: 15 },
  'room that is over': { kind: 'room', members: everyone, frozen: true },
  stage: { kind: 'stage', members: { mod: 'active', bo: 'active', cy: 'active', ann: 'left' } },
  group: { kind: 'group', members: everyone },
  'group in an archive': { kind: 'group', members: everyone, archived: 'cy' },
  'group one is invited to': { kind: 'group', members: { mod: 'active', ann: 'new' } },
  direct: { kind: 'direct', members: { ann: 'active', cy: 'active' } },
  'direct without receipts': { kind: 'direct', members: { ann: 'active', mod: 'active' } },
  'direct with a block': { kind: 'direct', members: { bo: 'active', cy: 'active' } },
  'direct not agreed on': { kind: 'direct', members: { ann: 'active', bo: 'new' } },
};

async function conversation({ kind, members, ...setting }: Setting): Promise<string> {
  const { db } = stage.platform;
  const talk = kind === 'room' || kind === 'stage';
  const room = talk
    ? await db
        .insertInto('rooms')
        .values({ title: 'Busy', topics: [], visibility: 'open', key: uuidv7(), opened_by: people.mod.id })
        .returning('id')
        .executeTakeFirstOrThrow()
    : null;
  const { id } = await db
    .insertInto('conversations')
    .values({
      kind,
      room_id: room?.id ?? null,
      talk_on: setting.on ?? true,
      slow_seconds: setting.slow ?? 0,
      frozen_at: setting.frozen ? stage.clock.now : null,
      people_count: Object.keys(members).length,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('members')
    .values(
      Object.entries(members).map(([name, state]) => ({
        conversation_id: id,
        account_id: people[name as Name].id,
        state,
        role: name === 'mod' ? ('admin' as const) : ('member' as const),
        archived_at: setting.archived === name ? stage.clock.now : null,
      })),
    )
    .execute();
  return id;
}

const talk = () => conversation({ kind: 'room', members: everyone });

/** Conversations of all settings, by their names. */
async function world(): Promise<Map<string, string>> {
  const all = await Promise.all(
    Object.entries(settings).map(async ([name, setting]) => [name, await conversation(setting)] as const),
  );
  return new Map(all);
}

/** What is to be the same, whichever way it was written. */
const facts = (each: Appended) => ({
  outcome: each.outcome,
  seq: 'seq' in each ? each.seq : null,
  retry: 'retry' in each ? each.retry : null,
  ...(each.outcome === 'written' && {
    kind: each.kind,
    others: each.others?.toSorted() ?? null,
    withheld: (each.withheld ?? []).toSorted(),
    readSeq: each.readSeq,
    receipts: each.receipts?.toSorted() ?? null,
  }),
});

const rowsOf = async (table: string, conversation: string, order: string) => {
  const { rows } = await sql<Record<string, unknown>>`
    select to_jsonb(t) - '{conversation_id,id,room_id,joined_at,state_at}'::text[] as row
    from ${sql.table(table)} t where conversation_id = ${conversation} order by ${sql.ref(order)}`.execute(
    stage.platform.db,
  );
  // The conversation's own id is among the words of each message.
  return JSON.parse(JSON.stringify(rows).replaceAll(conversation, 'its own id')) as unknown;
};

const stateOf = async (conversation: string) => ({
  log: await rowsOf('log_entries', conversation, 'seq'),
  members: await rowsOf('members', conversation, 'account_id'),
  links: await rowsOf('link_jobs', conversation, 'seq'),
  pushes: await rowsOf('push_owed', conversation, 'account_id'),
});

const logOf = async (conversation: string) => {
  const { rows } = await sql<{ seq: number }>`
    select seq from log_entries where conversation_id = ${conversation} order by seq`.execute(
    stage.platform.db,
  );
  return rows;
};

interface Said {
  by: string;
  text: string;
  clientId: string;
  extra?: MessageExtra;
}

describe('RT-10 many at once', () => {
  const draft = (conversation: string, sender: string, text: string, clientId = uuidv7()): Draft => ({
    conversation,
    sender,
    clientId,
    text,
    extra: null,
  });

  it('are written by the rules of one by one, whatever they are written into', async () => {
    const stranger = uuidv7();
    const { mod, ann, bo, cy, gone, silent } = people;
    const said = (by: string, text: string, extra?: MessageExtra): Said => ({
      by,
      text,
      clientId: uuidv7(),
      ...(extra && { extra }),
    });
    const [one, three, six] = [said(ann.id, 'one'), said(bo.id, 'three'), said(mod.id, 'six')];
    const batches: Said[][] = [
      [
        one,
        said(mod.id, 'two words, see sotto.example/there'),
        three,
        said(gone.id, 'gone'),
        said(silent.id, 'silent'),
        said(stranger, 'stranger'),
        said(cy.id, '👋'),
        said(ann.id, 'four for @busy.cy and @busy.bo'),
      ],
      [
        one,
        { ...three, text: 'another text' },
        said(cy.id, 'five', { reply: 1 }),
        said(ann.id, 'to nothing', { reply: 99 }),
        six,
        said(bo.id, 'seven'),
        said(mod.id, 'eight'),
      ],
      [
        six,
        said(bo.id, 'a file', { attachments: [uuidv7()] }),
        six,
        said(cy.id, 'nine'),
        said(ann.id, 'ten'),
      ],
    ];
    const [single, many] = [await world(), await world()];
    const { db, now } = stage.platform;
    for (const batch of batches) {
      const drafts = (all: Map<string, string>) =>
        batch.flatMap(({ by, text, clientId, extra }) =>
          [...all.values()].map(id => ({
            ...draft(id, by, text, clientId),
            extra: extra ?? null,
            id: uuidv7(),
          })),
        );
      const oneByOne: Appended[] = [];
      for (const each of drafts(single)) oneByOne.push(await appendOne(db, each, now()));
      const together = await appendMany(db, drafts(many), now());
      expect(together.map(facts)).toEqual(oneByOne.map(facts));
    }
    for (const [name, id] of single)
      expect({ name, ...(await stateOf(many.get(name) ?? '')) }).toEqual({ name, ...(await stateOf(id)) });
    const lengths = await Promise.all([...single.values()].map(async id => (await logOf(id)).length));
    // Of all settings but the room that is over, the direct conversations with a block and not agreed on.
    expect(lengths.filter(length => length > 1).length).toBeGreaterThanOrEqual(8);
  });

  it('a client id that comes twice in one batch is one message', async () => {
    const { ann, bo } = people;
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
    const { mod, ann, bo } = people;
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, n) => [mod, ann, bo][n % 3]?.send(to, `busy ${n}`)),
    );
    const log = await logOf(to);
    expect(log.map(entry => entry.seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    expect(sent.map(each => each?.seq).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      log.map(entry => entry.seq),
    );
  });

  it('RT-10 cost the same however long the log is and whenever their plans were made, however little of it their writers have read', async () => {
    const id = await talk();
    const line = (name: Name) => ({ ...draft(id, people[name].id, 'now'), id: uuidv7() });
    const read = async (db: Executor): Promise<number> => {
      const { rows } = await sql<{ read: number }>`
        select (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as read
        from pg_stat_xact_user_tables where relname = 'log_entries'`.execute(db);
      return rows[0]?.read ?? 0;
    };
    await stage.platform.db.connection().execute(async db => {
      const write = (): Promise<number> =>
        db.transaction().execute(async tx => {
          // What the connection did a moment ago may still be counted in.
          const before = await read(tx);
          const written = [
            ...(await appendMany(tx, [line('ann'), line('bo'), line('ann')], stage.clock.now)),
            await appendOne(tx, line('ann'), stage.clock.now),
          ];
          expect(written.map(({ outcome }) => outcome)).toEqual(written.map(() => 'written'));
          return (await read(tx)) - before;
        });
      const planAnew = async () => {
        await sql`analyze log_entries`.execute(db);
        await sql`discard plans`.execute(db);
      };
      await planAnew();
      await write();
      await sql`
        insert into log_entries (conversation_id, seq, kind, sender_id, client_id, text, created_at)
        select ${id}::uuid, n, 'message', ${people.mod.id}::uuid, gen_random_uuid(), 'long ago', now()
        from generate_series(100, 5000) n`.execute(db);
      await db
        .updateTable('conversations')
        .set({ head: 5000, last_seq: 5000 })
        .where('id', '=', id)
        .execute();
      expect(await write()).toBeLessThan(50);
      await planAnew();
      expect(await write()).toBeLessThan(50);
    });
  });

  it('PE-5 is kept from whom the writer has a block with, also who has just left and may still hear the room', async () => {
    const { ann, bo, cy, gone } = people;
    await bo.block(gone);
    const to = await talk();
    const { db, now } = stage.platform;
    const drafts = [draft(to, bo.id, 'not for two'), draft(to, ann.id, 'for all')];
    const written = await appendMany(
      db,
      drafts.map(each => ({ ...each, id: uuidv7() })),
      now(),
    );
    written.push(await appendOne(db, { ...draft(to, bo.id, 'nor this'), id: uuidv7() }, now()));
    const kept = written.map(each => each.outcome === 'written' && (each.withheld ?? []).toSorted());
    const both = [cy.id, gone.id].toSorted();
    expect(kept).toEqual([both, [], both]);
  });

  it('a conversation that is deleted takes its log along', async () => {
    const { db } = stage.platform;
    const to = await talk();
    await people.ann.send(to, 'soon gone');
    expect(await logOf(to)).toHaveLength(1);
    await db.deleteFrom('conversations').where('id', '=', to).execute();
    expect(await logOf(to)).toEqual([]);
  });
});
