import { PINNED_MAX, REACTIONS_MAX, type ServerFrame } from '@sotto/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, messageOf, type Person, type Stage } from '../fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

let count = 0;
const person = () => stage.person(`life${++count}`);
const refusal = (code: string) => expect.objectContaining({ name: 'Refusal', code });
const routes = () => stage.backchannel.routes;

async function pair(): Promise<{ a: Person; b: Person; id: string }> {
  const [a, b] = [await person(), await person()];
  return { a, b, id: (await a.open(b)).id };
}

async function group(...people: Person[]): Promise<string> {
  const [owner, ...others] = people;
  if (!owner) throw new Error('group: nobody');
  for (const other of others) await owner.open(other);
  const made = await routes()['POST /v1/groups'](
    { body: { clientId: uuidv7(), title: 'Group', people: others.map(each => each.id) } },
    owner.caller,
  );
  return made.id;
}

const react = (who: Person, conversation: string, seq: number, emoji: string) =>
  routes()['PUT /v1/conversations/:conversation/messages/:seq/reactions/:emoji'](
    { params: { conversation, seq, emoji } },
    who.caller,
  );
const unreact = (who: Person, conversation: string, seq: number, emoji: string) =>
  routes()['DELETE /v1/conversations/:conversation/messages/:seq/reactions/:emoji'](
    { params: { conversation, seq, emoji } },
    who.caller,
  );
const place = (
  who: Person,
  conversation: string,
  body: {
    mute?: 'off' | '1h' | '8h' | 'always';
    pinned?: boolean;
    archived?: boolean;
    markedUnread?: boolean;
  },
) => routes()['PATCH /v1/conversations/:conversation']({ params: { conversation }, body }, who.caller);
const search = (
  who: Person,
  query: string,
  more: { conversation?: string; after?: string; limit?: number } = {},
) => routes()['GET /v1/messages']({ query: { query, limit: 20, ...more } }, who.caller);
const textsOf = async (...args: Parameters<typeof search>) =>
  (await search(...args)).found.map(({ entry }) => messageOf(entry).text);
const framesOf = <T extends ServerFrame['type']>(who: Person, type: T) =>
  stage.framesTo(who.id).filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
const reactionsOf = async (who: Person, conversation: string, seq: number) => {
  const { entries } = await who.log(conversation);
  const entry = entries.find(each => each.seq === seq);
  if (!entry) throw new Error('reactionsOf: no entry');
  return messageOf(entry).reactions;
};

describe('BC-8 reactions', () => {
  it('BC-8 take a place in the log once, and can be taken back', async () => {
    const { a, b, id } = await pair();
    const { seq } = await a.send(id, 'hello');
    await react(b, id, seq, '👍');
    await react(b, id, seq, '👍');
    await react(a, id, seq, '👍');
    expect(await reactionsOf(a, id, seq)).toEqual([{ emoji: '👍', count: 2, accounts: [b.id, a.id] }]);
    await unreact(b, id, seq, '👍');
    await unreact(b, id, seq, '👍');
    const { entries, head } = await a.log(id);
    expect(head).toBe(4);
    expect(entries.slice(1)).toMatchObject([
      { seq: 2, kind: 'reaction', by: b.id, of: seq, emoji: '👍', on: true },
      { seq: 3, kind: 'reaction', by: a.id, on: true },
      { seq: 4, kind: 'reaction', by: b.id, on: false },
    ]);
    expect(await reactionsOf(b, id, seq)).toEqual([{ emoji: '👍', count: 1, accounts: [a.id] }]);
    expect(framesOf(b, 'entry').filter(each => each.conversation === id)).toHaveLength(4);
  });

  it('BC-8 only so many different ones, also of two at once', async () => {
    const { a, b, id } = await pair();
    const { seq } = await a.send(id, 'hello');
    const faces = Array.from({ length: REACTIONS_MAX - 1 }, (_, at) => String.fromCodePoint(0x1f600 + at));
    for (const emoji of faces) await react(a, id, seq, emoji);
    const results = await Promise.allSettled([react(a, id, seq, '🎈'), react(b, id, seq, '🎉')]);
    expect(results.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(each => each.status === 'rejected')).toMatchObject({
      reason: { code: 'too_many_reactions', details: { max: REACTIONS_MAX } },
    });
    await react(b, id, seq, faces[0] ?? '');
    expect(await reactionsOf(a, id, seq)).toHaveLength(REACTIONS_MAX);
  });

  it('BC-8 not to what one cannot see, nor where one may not write', async () => {
    const { a, b, id } = await pair();
    const { seq } = await a.send(id, 'hello');
    await expect(react(b, id, 99, '👍')).rejects.toEqual(refusal('not_found'));
    await expect(react(await person(), id, seq, '👍')).rejects.toEqual(refusal('not_found'));
    await react(b, id, seq, '👍');
    await expect(react(b, id, seq + 1, '👍')).rejects.toEqual(refusal('not_found'));
    await stage.platform.db
      .updateTable('accounts')
      .set({ silenced_until: new Date(stage.clock.now.getTime() + 60_000) })
      .where('id', '=', b.id)
      .execute();
    await expect(react(b, id, seq, '🎉')).rejects.toEqual(refusal('silenced'));
    await unreact(b, id, seq, '👍');
    await b.block(a);
    await expect(react(a, id, seq, '🎉')).rejects.toEqual(refusal('cannot_message'));
  });

  it('BC-11 not to a request, whatever became of it', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.find(b);
    const { seq } = await a.send(id, 'hello stranger');
    await expect(react(a, id, seq, '👍')).rejects.toEqual(refusal('cannot_message'));
    await expect(react(b, id, seq, '👍')).rejects.toEqual(refusal('cannot_message'));
    await b.block(a);
    await expect(react(a, id, seq, '👍')).rejects.toEqual(refusal('cannot_message'));
  });

  it('BC-8 those of somebody with whom one has a block are withheld in a group', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const id = await group(a, b, c);
    const { seq } = await a.send(id, 'hello');
    await b.block(c);
    await react(c, id, seq, '👍');
    expect(await reactionsOf(a, id, seq)).toHaveLength(1);
    expect(await reactionsOf(b, id, seq)).toEqual([]);
    expect((await b.get(id)).last).toMatchObject({ message: { reactions: [] } });
    expect((await b.log(id)).entries.at(-1)).toEqual({
      seq: seq + 1,
      at: expect.any(String),
      kind: 'withheld',
    });
    expect(framesOf(b, 'entry').at(-1)).toMatchObject({ entry: { kind: 'withheld' }, people: [] });
    const fromC = await c.send(id, 'from c');
    await expect(react(b, id, fromC.seq, '👍')).rejects.toEqual(refusal('not_found'));
  });
});

describe('BC-8 a place in the inbox', () => {
  it('BC-8 mute, pin, archive and mark unread are told to one’s own devices alone', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const before = await b.get(id);
    const heard = framesOf(a, 'conversation').length;
    const muted = await place(b, id, { mute: '8h', pinned: true });
    expect(muted).toMatchObject({
      mutedUntil: new Date(stage.clock.now.getTime() + 8 * 3_600_000).toISOString(),
      pinned: true,
      version: before.version + 1,
    });
    expect(framesOf(b, 'conversation').at(-1)?.conversation).toEqual(muted);
    expect(await place(b, id, { pinned: true })).toEqual(muted);
    expect(await place(b, id, { mute: 'always' })).toMatchObject({ mutedUntil: '9999-01-01T00:00:00.000Z' });
    expect(await place(b, id, { mute: 'off', markedUnread: true })).toMatchObject({
      mutedUntil: null,
      markedUnread: true,
    });
    expect(framesOf(a, 'conversation')).toHaveLength(heard);
  });

  it('BC-8 what is marked unread counts, until it is read; all devices hear it', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    await b.read(id, 1);
    expect((await b.list()).unread).toBe(0);
    const marked = await place(b, id, { markedUnread: true });
    expect((await b.list()).unread).toBe(1);
    await b.read(id, 1);
    expect(await b.get(id)).toMatchObject({ markedUnread: false, version: marked.version + 1 });
    expect((await b.list()).unread).toBe(0);
    expect(framesOf(b, 'conversation').at(-1)?.conversation).toMatchObject({ markedUnread: false });
  });

  it('BC-8 a new message brings it out of the archive, unless it is muted', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'one');
    await place(b, id, { archived: true });
    const archived = () =>
      routes()['GET /v1/conversations']({ query: { view: 'archived', limit: 50 } }, b.caller);
    expect((await archived()).conversations.map(each => each.id)).toEqual([id]);
    expect((await b.list()).conversations).toEqual([]);
    await a.send(id, 'two');
    expect((await archived()).conversations).toEqual([]);
    expect((await b.list()).conversations.map(each => each.id)).toEqual([id]);
    await place(b, id, { archived: true, mute: 'always' });
    await a.send(id, 'three');
    expect((await archived()).conversations.map(each => each.id)).toEqual([id]);
    expect((await b.list()).unread).toBe(0);
  });

  it('BC-8 only so many are pinned, also of two at once', async () => {
    const a = await person();
    const ids: string[] = [];
    for (let made = 0; made <= PINNED_MAX; made++) {
      const id = await group(a);
      ids.push(id);
    }
    for (const id of ids.slice(0, PINNED_MAX - 1)) await place(a, id, { pinned: true });
    const results = await Promise.allSettled(
      ids.slice(PINNED_MAX - 1).map(id => place(a, id, { pinned: true })),
    );
    expect(results.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await a.list({ limit: 100 })).conversations.filter(each => each.pinned)).toHaveLength(PINNED_MAX);
  });

  it('BC-10 what waits for a yes has no place yet', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.find(b);
    await a.send(id, 'hello stranger');
    await expect(place(b, id, { pinned: true })).rejects.toEqual(refusal('not_found'));
  });
});

describe('BC-8 receipts', () => {
  const receipts = (who: Person) => framesOf(who, 'receipt');
  const choose = (who: Person, on: boolean) =>
    routes()['PATCH /v1/me/backchannel']({ body: { receipts: on } }, who.caller);

  it('BC-8 the other sees how far one has read, as the conversation says it afresh', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'one');
    await a.send(id, 'two');
    await b.read(id, 1);
    await b.read(id, 1);
    expect(receipts(a)).toEqual([{ type: 'receipt', conversation: id, account: b.id, seq: 1 }]);
    expect((await a.get(id)).readers).toEqual([{ account: b.id, seq: 1 }]);
    await b.read(id, 2);
    await b.send(id, 'three');
    expect(receipts(a).map(each => each.seq)).toEqual([1, 2, 3]);
    expect((await a.get(id)).readers).toEqual([{ account: b.id, seq: 3 }]);
  });

  it('BC-8 switched off by either, neither sees anything, at once', async () => {
    for (const off of ['a', 'b'] as const) {
      const { a, b, id } = await pair();
      await a.send(id, 'one');
      await b.read(id, 1);
      await choose(off === 'a' ? a : b, false);
      const heard = [receipts(a).length, receipts(b).length];
      await a.send(id, 'two');
      await b.read(id, 2);
      await b.send(id, 'three');
      await a.read(id, 3);
      expect([receipts(a).length, receipts(b).length]).toEqual(heard);
      for (const one of [a, b]) expect((await one.get(id)).readers).toEqual([]);
    }
  });

  it('BC-8 BC-11 none of a request, and none after a block', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.find(b);
    await a.send(id, 'hello stranger');
    await b.read(id, 1);
    expect(receipts(a)).toEqual([]);
    expect((await a.get(id)).readers).toEqual([]);
    const friends = await pair();
    await friends.a.send(friends.id, 'one');
    await friends.b.block(friends.a);
    await friends.b.read(friends.id, 1);
    expect(receipts(friends.a)).toEqual([]);
  });

  it('BC-8 in a small group everyone sees everyone; who has a block does not', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const id = await group(a, b, c);
    await c.block(b);
    const { seq } = await a.send(id, 'one');
    await b.read(id, seq);
    expect(receipts(a)).toHaveLength(1);
    expect(receipts(c).filter(each => each.account === b.id)).toEqual([]);
    expect((await c.get(id)).readers.map(each => each.account)).toEqual([a.id]);
  });
});

describe('BC-8 jumps', () => {
  it('BC-8 the log around a message, and around an instant', async () => {
    const { a, b, id } = await pair();
    const start = stage.clock.now.getTime();
    for (let day = 0; day < 30; day++) {
      stage.clock.now = new Date(start + day * 86_400_000);
      await a.send(id, `day ${day}`);
    }
    const log = (query: { around?: number; at?: string }) =>
      routes()['GET /v1/conversations/:conversation/log'](
        { params: { conversation: id }, query: { limit: 6, ...query } },
        b.caller,
      );
    const seqs = async (query: Parameters<typeof log>[0]) => {
      const { entries, at } = await log(query);
      return { seqs: entries.map(each => each.seq), at };
    };
    expect(await seqs({ around: 10 })).toEqual({ seqs: [7, 8, 9, 10, 11, 12], at: null });
    expect(await seqs({ around: 1 })).toMatchObject({ seqs: expect.arrayContaining([1, 2]) });
    expect(await seqs({ at: new Date(start + 9.5 * 86_400_000).toISOString() })).toEqual({
      seqs: [8, 9, 10, 11, 12, 13],
      at: 11,
    });
    expect(await seqs({ at: new Date(start + 9 * 86_400_000).toISOString() })).toMatchObject({ at: 10 });
    expect(await seqs({ at: new Date(0).toISOString() })).toMatchObject({ at: 1 });
    expect(await seqs({ at: new Date(start + 40 * 86_400_000).toISOString() })).toEqual({
      seqs: [25, 26, 27, 28, 29, 30],
      at: null,
    });
  });
});

describe('BC-8 search', () => {
  it('BC-8 by the beginnings of all words, without case, accents and what else a person would not tell apart', async () => {
    const { a, b, id } = await pair();
    const said = [
      'Åsa O’Neill-Groß was here',
      'İSTANBUL’da ılık bir IŞIK',
      'Ο ΟΔΥΣΣΕΑΣ ΣΤΟΥΣ ΔΡΟΜΟΥΣ',
      'مُحَمَّد في المدرســـة',
      'ＦＵＬＬ　ｗｉｄｔｈ',
      '山田太郎さんは東京にいます',
      'สวัสดีครับ ทุกคน',
      '한국어 메시지',
      'party 🎉👍🏽',
    ];
    for (const text of said) await a.send(id, text);
    const found: [string, number][] = [
      ['asa gros', 0],
      ['ÅSA', 0],
      ['istanbul', 1],
      ['ISTANBUL', 1],
      ['ILIK', 1],
      ['ılık ışık', 1],
      ['isik', 1],
      ['οδυσσεας', 2],
      ['δρόμους', 2],
      ['محمد', 3],
      ['المدرسه', 3],
      ['full wid', 4],
      ['東京', 5],
      ['山', 5],
      ['太郎さん', 5],
      ['สวัสดี', 6],
      ['한국', 7],
      ['👍', 8],
      ['party 🎉', 8],
    ];
    for (const [query, index] of found)
      expect(await textsOf(b, query, { conversation: id }), query).toEqual([said[index]]);
    for (const query of ['sa', 'neil asa x', '京東', "' | 'asa", '%', ':*', '\\', '!asa & b'])
      expect(await textsOf(b, query, { conversation: id }), query).toEqual(
        query === "' | 'asa" ? [said[0]] : [],
      );
  });

  it('BC-8 only in one’s own conversations, from where they are one’s own, newest first, in pages', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const { id } = await a.open(b);
    const others = await group(a, c);
    for (let at = 0; at < 5; at++) {
      stage.clock.now = new Date(stage.clock.now.getTime() + 1000);
      await a.send(id, `needle ${at}`);
      await a.send(others, `needle elsewhere ${at}`);
    }
    expect(await textsOf(b, 'needle')).toEqual([4, 3, 2, 1, 0].map(at => `needle ${at}`));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await search(a, 'needle', { limit: 3, ...(after !== undefined && { after }) });
      seen.push(...page.found.map(({ entry }) => messageOf(entry).text));
      after = page.next ?? undefined;
      expect(new Set(page.conversations.map(each => each.id))).toEqual(
        new Set(page.found.map(each => each.conversation)),
      );
    } while (after !== undefined);
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);

    await routes()['PUT /v1/groups/:conversation/people/:account'](
      { params: { conversation: others, account: b.id } },
      a.caller,
    );
    stage.clock.now = new Date(stage.clock.now.getTime() + 1000);
    await a.send(others, 'needle for b too');
    expect((await textsOf(b, 'needle'))[0]).toBe('needle for b too');
    expect(await textsOf(b, 'needle elsewhere')).toEqual([]);
    await b.block(c);
    await c.send(others, 'needle of c');
    expect(await textsOf(b, 'needle of c')).toEqual([]);
    expect(await textsOf(a, 'needle of c')).toEqual(['needle of c']);
    await routes()['DELETE /v1/groups/:conversation/people/:account'](
      { params: { conversation: others, account: b.id } },
      a.caller,
    );
    expect(await textsOf(b, 'needle for')).toEqual([]);
    await expect(search(b, 'needle', { conversation: others })).rejects.toEqual(refusal('not_found'));
    await expect(search(b, 'needle', { after: 'x' })).rejects.toEqual(refusal('invalid_input'));
  });

  it('BC-8 by one letter, of one’s own among many newer ones of others; with a word beside it too', async () => {
    const { db } = stage.platform;
    const [a, b, c] = [await person(), await person(), await person()];
    const { id } = await a.open(b);
    const long = await group(a, c);
    const others = await group(b, c);
    for (const text of ['tarn', 'trout', 'fish']) await a.send(id, text);
    const ahead = Math.round((stage.clock.now.getTime() - Date.now()) / 1000);
    // Written as a message is, but for its speed: in one group more than is looked at of each, in another what is newer than all.
    for (const [conversation, many, from] of [
      [long, 10_500, 100],
      [others, 20_100, 20_000],
    ] as const)
      await sql`
        insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, search, created_at)
        select ${conversation}, 1000 + n, uuidv7(make_interval(secs => ${from + ahead} + n)), 'message', ${c.id}, uuidv7(), w.text,
          array_to_tsvector(array[split_part(w.text, ' ', 1), '@' || ${conversation}]), now()
        from generate_series(1, ${many}::int) n,
        lateral (select case when n % 10 = 0 then 'tone ' else 'quiet ' end || n as text) w`.execute(db);
    await sql`update conversations set head = 40000, last_seq = 40000 where id in (${long}, ${others})`.execute(
      db,
    );
    const tones = Array.from({ length: 1050 }, (_, n) => `tone ${10_500 - 10 * n}`);
    const first = await search(a, 't', { limit: 50 });
    expect(first.found.map(({ entry }) => messageOf(entry).text)).toEqual(tones.slice(0, 50));
    const second = await search(a, 't', { limit: 50, ...(first.next !== null && { after: first.next }) });
    expect(second.found.map(({ entry }) => messageOf(entry).text)).toEqual(tones.slice(50, 100));
    expect(await textsOf(a, 'tr')).toEqual(['trout']);
    expect(await textsOf(a, 't tar')).toEqual(['tarn']);
    expect((await textsOf(a, 't', { conversation: id })).toSorted()).toEqual(['tarn', 'trout']);
    expect(await textsOf(b, 't f', { conversation: id })).toEqual([]);
  });

  it('BC-8 a search that would take too long ends with a word about it, and its connection is free', async () => {
    const { a, id } = await pair();
    await a.send(id, 'slow needle');
    await stage.platform.db.transaction().execute(async tx => {
      await sql`lock table log_entries in access exclusive mode`.execute(tx);
      await expect(search(a, 'slow needle')).rejects.toEqual(refusal('search_too_slow'));
    });
    expect(await textsOf(a, 'slow needle')).toEqual(['slow needle']);
  });

  it('BC-8 what was taken out of view is not found; what is older than the newest is, by the index', async () => {
    const { a, b, id } = await pair();
    const { seq } = await a.send(id, 'rarest word');
    await a.send(id, 'another');
    await stage.platform.db
      .updateTable('log_entries')
      .set({ hidden_at: stage.clock.now })
      .where('conversation_id', '=', id)
      .where('seq', '=', seq)
      .execute();
    expect(await textsOf(b, 'rarest')).toEqual([]);
    expect(await textsOf(b, 'another')).toEqual(['another']);
  });
});

describe('search', () => {
  it('PE-5 does not bring back whom one has blocked, though an answer quotes them', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const id = await group(a, b, c);
    const { seq } = await c.send(id, 'the lighthouse?');
    await routes()['POST /v1/conversations/:conversation/messages'](
      {
        params: { conversation: id },
        body: { clientId: uuidv7(), text: 'yes, the lighthouse', attachments: [], reply: seq },
      },
      a.caller,
    );
    expect((await search(b, 'yes lighthouse')).people.map(each => each.id)).toContain(c.id);
    await b.block(c);
    const hits = await search(b, 'yes lighthouse');
    expect(hits.found).toHaveLength(1);
    expect(hits.people.map(each => each.id)).toEqual([a.id]);
  });
});
