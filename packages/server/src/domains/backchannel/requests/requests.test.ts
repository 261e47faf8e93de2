import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, messageOf, type Person, type Stage } from '../fixture.ts';

let stage: Stage;
let count = 0;
const start = new Date('2026-11-22T12:00:00.000Z');
const DAY = 86_400_000;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const refusal = (code: string, details?: object) =>
  expect.objectContaining({ name: 'Refusal', code, ...(details && { details }) });
const later = (days: number) => {
  stage.clock.now = new Date(start.getTime() + days * DAY);
};
/** Someone whose account is a year old. */
const person = async () => {
  const one = await stage.person(`request${++count}`);
  await stage.platform.db
    .updateTable('accounts')
    .set({ created_at: new Date(start.getTime() - 365 * DAY) })
    .where('id', '=', one.id)
    .execute();
  return one;
};
const people = (n: number) => Promise.all(Array.from({ length: n }, () => person()));
const routesOf = () => stage.backchannel.routes;
const list = (one: Person, query: { view?: 'waiting' | 'held'; after?: string; limit?: number } = {}) =>
  routesOf()['GET /v1/requests']({ query: { view: 'waiting', limit: 50, ...query } }, one.caller);
const getRequest = (one: Person, conversation: string) =>
  routesOf()['GET /v1/requests/:conversation']({ params: { conversation } }, one.caller);
const accept = (one: Person, conversation: string) =>
  routesOf()['POST /v1/requests/:conversation/accept']({ params: { conversation } }, one.caller);
const remove = (one: Person, conversation: string) =>
  routesOf()['POST /v1/requests/:conversation/delete']({ params: { conversation } }, one.caller);
const decide = (one: Person, conversations: string[], action: 'accept' | 'delete' | 'block') =>
  routesOf()['POST /v1/requests/decide']({ body: { conversations, action } }, one.caller);
const choose = (one: Person, body: Parameters<typeof patch>[0]['body']) => patch({ body }, one.caller);
const patch: ReturnType<typeof routesOf>['PATCH /v1/me/backchannel'] = (...given) =>
  routesOf()['PATCH /v1/me/backchannel'](...given);
const sendExtra = (one: Person, conversation: string, extra: object) =>
  routesOf()['POST /v1/conversations/:conversation/messages'](
    { params: { conversation }, body: { clientId: uuidv7(), text: 'x', attachments: [], ...extra } },
    one.caller,
  );
const frames = (one: Person, type: string) => stage.framesTo(one.id).filter(frame => frame.type === type);
const counted = async (event: string) => {
  const metric = await stage.platform.metrics.getSingleMetric('sotto_requests_total')?.get();
  return metric?.values.find(value => value.labels.event === event)?.value ?? 0;
};

describe('requests', () => {
  it('BC-10 BC-11 a first message to someone who does not know you waits for their yes', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id, ...opened } = await a.find(b);
    expect(opened).toMatchObject({ asRequest: true, canWrite: true });
    await a.send(id, 'Hello, we met at the tram.');
    expect(await a.get(id)).toMatchObject({
      canWrite: false,
      whyNot: 'waiting',
      asRequest: false,
      state: 'active',
    });
    await expect(a.send(id, 'and more')).rejects.toEqual(refusal('request_waiting'));
    // Not in their inbox, and not counted there: a quiet number of its own (BC-14).
    expect(await b.list()).toMatchObject({ conversations: [], unread: 0, requests: 1 });
    expect(frames(b, 'requests').at(-1)).toEqual({ type: 'requests', waiting: 1 });
    expect(frames(b, 'entry')).toEqual([]);
    expect(await stage.backchannel.notice(b.id, id)).toBeNull();
    const { requests, waiting } = await list(b);
    expect(waiting).toBe(1);
    expect(requests).toMatchObject([
      {
        from: { id: a.id },
        sentAt: start.toISOString(),
        conversation: { id, state: 'request', canWrite: true },
      },
    ]);
    expect((await b.log(id)).entries.map(entry => messageOf(entry).text)).toEqual([
      'Hello, we met at the tram.',
    ]);
  });

  it('BC-10 no request is needed to who follows you, nor to who wrote to you first', async () => {
    const [a, b, c] = (await people(3)) as [Person, Person, Person];
    await b.follow(a);
    const { id, ...opened } = await a.find(b);
    expect(opened).toMatchObject({ asRequest: false });
    await a.send(id, 'hello');
    expect((await b.list()).conversations).toMatchObject([{ id, unread: 1, state: 'active' }]);
    await a.send(id, 'and more');
    const asked = await c.find(a);
    await c.send(asked.id, 'hi');
    expect(await stage.backchannel.writing(a.id, c.id)).toBe('open');
    await a.send(asked.id, 'who wrote first may be answered');
    await c.send(asked.id, 'yes');
    expect(await stage.backchannel.writing(c.id, a.id)).toBe('open');
  });

  it('BC-11 a request is text only and short, and links to nothing that is fetched', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id } = await a.find(b);
    const no = refusal('request_text_only', { maxCharacters: 500 });
    await expect(a.send(id, 'x'.repeat(501))).rejects.toEqual(no);
    await expect(sendExtra(a, id, { attachments: [uuidv7()] })).rejects.toEqual(no);
    await expect(sendExtra(a, id, { reply: 1 })).rejects.toEqual(no);
    await expect(sendExtra(a, id, { card: { kind: 'profile', account: a.id } })).rejects.toEqual(no);
    expect(await a.get(id)).toMatchObject({ head: 0, canWrite: true, asRequest: true });
    await a.send(id, 'x'.repeat(500));
  });

  it('RT-2 a repeat of a request is answered as the first was, on two nodes at once too', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id } = await a.find(b);
    const clientId = uuidv7();
    const answers = await Promise.all([1, 2, 3].map(() => a.send(id, 'hello', clientId)));
    expect(new Set(answers.map(answer => answer.id)).size).toBe(1);
    expect((await list(b)).requests).toHaveLength(1);
  });

  it('BC-13 accepting lets both write, shows what was written, and both are told', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id } = await a.find(b);
    await a.send(id, 'hello');
    const accepted = await counted('accepted');
    expect(await accept(b, id)).toMatchObject({ id, state: 'active', canWrite: true, unread: 1 });
    expect(await accept(b, id)).toMatchObject({ id });
    expect(frames(a, 'conversation').at(-1)).toMatchObject({ conversation: { id, canWrite: true } });
    expect(frames(b, 'conversation').at(-1)).toMatchObject({ conversation: { id, state: 'active' } });
    expect(frames(b, 'requests').at(-1)).toMatchObject({ waiting: 0 });
    expect(await counted('accepted')).toBe(accepted + 1);
    await a.send(id, 'good');
    await b.send(id, 'yes');
    expect((await b.log(id)).entries).toHaveLength(3);
  });

  it('BC-13 replying accepts, and so does following', async () => {
    const [a, b, c] = (await people(3)) as [Person, Person, Person];
    const replied = await a.find(b);
    await a.send(replied.id, 'hello');
    await b.send(replied.id, 'hi');
    expect((await list(b)).requests).toEqual([]);
    await a.send(replied.id, 'good');
    const followed = await a.find(c);
    await a.send(followed.id, 'hello');
    await c.follow(a);
    expect((await c.list()).conversations).toMatchObject([{ id: followed.id }]);
    expect(frames(a, 'conversation').at(-1)).toMatchObject({
      conversation: { id: followed.id, canWrite: true },
    });
    await a.send(followed.id, 'good');
  });

  it('BC-13 a deleted one is gone, and its sender may ask again after 30 days', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id } = await a.find(b);
    await a.send(id, 'first');
    await remove(b, id);
    expect(frames(b, 'conversationGone').at(-1)).toEqual({ type: 'conversationGone', conversation: id });
    for (const gone of [getRequest, remove, accept])
      await expect(gone(b, id)).rejects.toEqual(refusal('not_found'));
    for (const gone of [b.get, b.log]) await expect(gone(id)).rejects.toEqual(refusal('not_found'));
    try {
      later(29.9);
      await expect(a.send(id, 'too early')).rejects.toEqual(refusal('request_waiting'));
      later(30.1);
      expect(await a.get(id)).toMatchObject({ canWrite: true, asRequest: true });
      await a.send(id, 'second');
      expect(await a.get(id)).toMatchObject({ canWrite: false, whyNot: 'waiting' });
      expect((await list(b)).requests).toMatchObject([
        { conversation: { last: { message: { text: 'second' } } } },
      ]);
      await accept(b, id);
      // What was deleted stays so.
      expect((await b.log(id)).entries.map(entry => messageOf(entry).text)).toEqual(['second']);
      expect((await a.log(id)).entries).toHaveLength(2);
    } finally {
      later(0);
    }
  });

  it('BC-13 who deleted one may still write to its sender of their own accord', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id } = await a.find(b);
    await a.send(id, 'hello');
    await remove(b, id);
    expect(await b.find(a)).toMatchObject({ id, canWrite: true, asRequest: false, last: null });
    await b.send(id, 'on second thought');
    await a.send(id, 'glad');
    expect((await b.log(id)).entries).toHaveLength(2);
  });

  it('BC-13 PE-5 a block removes what waits, of both, and nothing new is shown', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const { id } = await a.find(b);
    await a.send(id, 'hello');
    const version = (await a.get(id)).version;
    const told = stage.framesTo(a.id).length;
    await b.block(a);
    expect((await list(b)).requests).toEqual([]);
    expect(frames(b, 'conversationGone').at(-1)).toMatchObject({ conversation: id });
    expect(stage.framesTo(a.id)).toHaveLength(told);
    expect((await a.get(id)).version).toBe(version);
    try {
      later(31);
      await a.send(id, 'stored, never shown');
      expect(await list(b)).toMatchObject({ requests: [], waiting: 0, held: 0 });
      await b.unblock(a);
      expect((await list(b)).requests).toEqual([]);
      expect(await b.find(a)).toMatchObject({ last: null });
    } finally {
      later(0);
    }
  });

  it('BC-13 many at once: accept, delete, block; what is none is passed over', async () => {
    const [me, ...others] = (await people(7)) as [Person, ...Person[]];
    const ids: string[] = [];
    for (const other of others) {
      const { id } = await other.find(me);
      await other.send(id, 'hello');
      ids.push(id);
    }
    const none = uuidv7();
    expect(await decide(me, [...ids.slice(0, 2), none], 'accept')).toEqual({ done: ids.slice(0, 2) });
    expect(await decide(me, ids.slice(1, 4), 'delete')).toEqual({ done: ids.slice(2, 4) });
    expect(await decide(me, ids.slice(4), 'block')).toEqual({ done: ids.slice(4) });
    expect((await list(me)).waiting).toBe(0);
    expect(new Set((await me.list()).conversations.map(each => each.id))).toEqual(new Set(ids.slice(0, 2)));
    await expect(others[5]?.find({ id: me.id })).resolves.toMatchObject({ whyNot: 'waiting' });
  });

  it('a request is for its recipient alone', async () => {
    const [a, b, stranger] = (await people(3)) as [Person, Person, Person];
    const { id } = await a.find(b);
    await a.send(id, 'hello');
    for (const one of [a, stranger])
      for (const gone of [getRequest, remove])
        await expect(gone(one, id)).rejects.toEqual(refusal('not_found'));
    await expect(accept(stranger, id)).rejects.toEqual(refusal('not_found'));
    expect(await decide(stranger, [id], 'block')).toEqual({ done: [] });
    expect((await list(b)).waiting).toBe(1);
  });
});

describe('who may write', () => {
  it('BC-15 everyone by request, people one follows, nobody; the airplane shows it', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const writing = () => stage.backchannel.writing(a.id, b.id);
    expect(await writing()).toBe('request');
    const { id } = await a.find(b);
    for (const whoMayWrite of ['following', 'nobody'] as const) {
      await choose(b, { whoMayWrite });
      expect(await writing()).toBe('closed');
      expect(await a.get(id)).toMatchObject({ canWrite: false, whyNot: 'closed', asRequest: false });
      await expect(a.send(id, 'hello')).rejects.toEqual(refusal('cannot_message'));
    }
    await choose(b, { whoMayWrite: 'following' });
    await b.follow(a);
    expect(await writing()).toBe('open');
    await a.send(id, 'hello');
    await choose(b, { whoMayWrite: 'nobody' });
    // It is about who may begin: who has talked goes on.
    await a.send(id, 'still here');
  });

  it('BC-15 all devices of the account hear of a choice; hosts are kept as they are compared', async () => {
    const one = await person();
    const choices = await choose(one, {
      receipts: false,
      heldWords: ['  Free   Money ', 'free money', 'ŻÓŁĆ'],
      heldHosts: ['https://Spam.Example/path?x', '*.spam.example', 'bücher.example:8080'],
    });
    expect(choices).toEqual({
      whoMayWrite: 'everyone',
      receipts: false,
      heldWords: ['free money', 'żółć'],
      heldHosts: ['spam.example', 'xn--bcher-kva.example'],
    });
    expect(frames(one, 'backchannelChoices').at(-1)).toEqual({ type: 'backchannelChoices', choices });
    expect(await routesOf()['GET /v1/me/backchannel']({} as never, one.caller)).toEqual(choices);
    await expect(choose(one, { heldHosts: ['ok.example', 'not a host'] })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'body.heldHosts.1', problem: 'format' }] },
    });
  });
});

describe('limits', () => {
  const ask = async (one: Person) => {
    const other = await person();
    return one.send((await one.find(other)).id, 'hello');
  };

  it('BC-16 10 requests a day, and a refusal says which limit and when it lifts', async () => {
    const one = await person();
    for (let n = 0; n < 10; n += 1) {
      stage.clock.now = new Date(start.getTime() + n * 60_000);
      await ask(one);
    }
    await expect(ask(one)).rejects.toEqual(
      refusal('request_limit', { limit: 'day', max: 10, retryAfter: 24 * 3600 - 9 * 60 }),
    );
    try {
      later(1.0001);
      await ask(one);
      await expect(ask(one)).rejects.toEqual(refusal('request_limit'));
    } finally {
      later(0);
    }
  });

  it('BC-16 3 a day for an account younger than 7 days', async () => {
    const one = await person();
    const since = (at: Date) =>
      stage.platform.db.updateTable('accounts').set({ created_at: at }).where('id', '=', one.id).execute();
    await since(new Date(start.getTime() - 7 * DAY + 1000));
    for (let n = 0; n < 3; n += 1) await ask(one);
    await expect(ask(one)).rejects.toEqual(
      refusal('request_limit', { limit: 'new_account', max: 3, retryAfter: 24 * 3600 }),
    );
    await since(new Date(start.getTime() - 7 * DAY));
    await ask(one);
  });

  it('BC-16 2 a day where under a fifth of the last 20 were accepted', async () => {
    const one = await person();
    try {
      for (let n = 0; n < 20; n += 1) {
        later(n);
        await ask(one);
      }
      later(30);
      await ask(one);
      await ask(one);
      await expect(ask(one)).rejects.toEqual(
        refusal('request_limit', { limit: 'few_accepted', max: 2, retryAfter: 24 * 3600 }),
      );
      const last = await stage.platform.db
        .selectFrom('requests')
        .select('id')
        .where('sender_id', '=', one.id)
        .orderBy('sent_at', 'desc')
        .limit(4)
        .execute();
      for (const { id } of last)
        await stage.platform.db
          .updateTable('requests')
          .set({ outcome: 'accepted' })
          .where('id', '=', id)
          .execute();
      await ask(one);
    } finally {
      later(0);
    }
  });

  it('BC-16 requests at the same time do not slip past a limit', async () => {
    const one = await person();
    const others = await people(14);
    const ids = await Promise.all(others.map(async other => (await one.find(other)).id));
    const results = await Promise.allSettled(ids.map(id => one.send(id, 'hello')));
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(10);
  });

  it('BC-16 whoever is flooded keeps nobody else’s requests waiting', async () => {
    const [flooded, calm, one] = (await people(3)) as [Person, Person, Person];
    const { db } = stage.platform;
    await sql`
      with c as (insert into conversations (kind) select 'direct' from generate_series(1, 600) returning id)
      , m as (
        insert into members (conversation_id, account_id, state, state_at)
        select id, ${flooded.id}, 'queued', ${new Date(start.getTime() - DAY)}::timestamptz from c
      )
      insert into requests (conversation_id, sender_id, recipient_id, sent_at, shown_at)
      select id, ${one.id}, ${flooded.id}, ${start}::timestamptz, ${start}::timestamptz from c limit 20`.execute(
      db,
    );
    const { id } = await one.find(calm);
    await db
      .insertInto('requests')
      .values({ conversation_id: id, sender_id: one.id, recipient_id: calm.id, sent_at: start })
      .execute();
    await db
      .updateTable('members')
      .set({ state: 'queued', state_at: start })
      .where('conversation_id', '=', id)
      .where('account_id', '=', calm.id)
      .execute();
    await stage.backchannel.sweep();
    expect((await list(calm)).waiting).toBe(1);
    expect((await list(flooded)).waiting).toBe(0);
    await db.deleteFrom('members').where('account_id', '=', flooded.id).execute();
  });

  it('BC-13 PE-5 a block takes away what is queued too, invitations into groups among it', async () => {
    const [me, one, other] = (await people(3)) as [Person, Person, Person];
    const { db } = stage.platform;
    const queued = async (by: Person) => {
      const { id } = await stage.backchannel.routes['POST /v1/groups'](
        { body: { clientId: uuidv7(), title: 'Come in', people: [me.id] } },
        by.caller,
      );
      await db
        .updateTable('members')
        .set({ state: 'queued' })
        .where('conversation_id', '=', id)
        .where('account_id', '=', me.id)
        .execute();
      return id;
    };
    const stateOf = async (id: string) =>
      (
        await db
          .selectFrom('members')
          .where('conversation_id', '=', id)
          .where('account_id', '=', me.id)
          .select('state')
          .executeTakeFirstOrThrow()
      ).state;
    const before = [await queued(one), await queued(other)] as const;
    const heard = [stage.framesTo(me.id).length, stage.framesTo(other.id).length];
    await me.block(one);
    await other.block(me);
    expect([await stateOf(before[0]), await stateOf(before[1])]).toEqual(['deleted', 'deleted']);
    // One who was blocked hears nothing of it.
    expect(stage.framesTo(me.id).slice(heard[0])).toEqual([expect.objectContaining({ type: 'relation' })]);
    // As if it had come in the very moment of the block.
    const late = await queued(one);
    await stage.backchannel.sweep();
    expect(await stateOf(late)).toBe('deleted');
    expect((await list(me)).waiting).toBe(0);
  });

  it('BC-16 more than 20 a day to one person wait their turn, unseen, until their day has room', async () => {
    const [me, ...others] = (await people(23)) as [Person, ...Person[]];
    for (const other of others) {
      const { id } = await other.find(me);
      await other.send(id, 'hello');
      expect(await other.get(id)).toMatchObject({ whyNot: 'waiting' });
    }
    expect((await list(me)).waiting).toBe(20);
    await stage.backchannel.sweep();
    expect((await list(me)).waiting).toBe(20);
    try {
      later(1.0001);
      await stage.backchannel.sweep();
      expect((await list(me)).waiting).toBe(22);
      expect(frames(me, 'requests').at(-1)).toMatchObject({ waiting: 22 });
    } finally {
      later(0);
    }
  });
});

describe('what is held back', () => {
  it('BC-17 words and hosts of the person hold a request back without a word', async () => {
    const [a, b, c] = (await people(3)) as [Person, Person, Person];
    await choose(b, { heldWords: ['crypto'], heldHosts: ['spam.example'] });
    const word = await a.find(b);
    await a.send(word.id, 'About CRYPTO…');
    const host = await c.find(b);
    await c.send(host.id, 'See www.spam.example/offer');
    expect(await list(b)).toMatchObject({ requests: [], waiting: 0, held: 2 });
    const { requests } = await list(b, { view: 'held' });
    expect(requests.map(request => request.from.id).sort()).toEqual([a.id, c.id].sort());
    expect(requests[0]?.conversation.last).toMatchObject({ kind: 'message' });
    await accept(b, word.id);
    await a.send(word.id, 'thank you');
    await remove(b, host.id);
    expect(await list(b)).toMatchObject({ waiting: 0, held: 0 });
  });

  it('BC-17 BC-23 words and hosts of the operator hold back for everyone', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    const change = (body: { words: string[]; hosts: string[] }) =>
      routesOf()['PUT /v1/admin/rules']({ body });
    expect(await change({ words: ['Lottery'], hosts: ['Evil.Example'] })).toEqual({
      words: ['lottery'],
      hosts: ['evil.example'],
    });
    await a.send((await a.find(b)).id, 'You won the lottery!');
    expect(await list(b)).toMatchObject({ waiting: 0, held: 1 });
    expect(await change({ words: [], hosts: [] })).toEqual({ words: [], hosts: [] });
  });

  it('BC-17 who looks for somebody finds what was held back', async () => {
    const [a, b] = (await people(2)) as [Person, Person];
    await choose(b, { heldWords: ['hello'] });
    const { id } = await a.find(b);
    await a.send(id, 'hello');
    await expect(b.get(id)).rejects.toEqual(refusal('not_found'));
    expect(await b.find(a)).toMatchObject({ id, state: 'request', unread: 1 });
    expect((await list(b)).waiting).toBe(1);
  });
});

describe('provenance', () => {
  it('BC-12 BC-18 says who you have in common, the room, the age; the nearest first, in pages', async () => {
    const me = await person();
    const [near, far, farther] = (await people(3)) as [Person, Person, Person];
    const friends = await people(4);
    for (const friend of friends) {
      await me.follow(friend);
      await friend.follow(near);
    }
    await friends[0]?.follow(far);
    for (const [n, one] of [near, far, farther].entries()) {
      stage.clock.now = new Date(start.getTime() + n * 1000);
      await one.send((await one.find(me)).id, 'hello');
    }
    stage.clock.now = start;
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list(me, { limit: 1, ...(after !== undefined && { after }) });
      seen.push(...page.requests.map(request => request.from.id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual([near.id, far.id, farther.id]);
    const { requests } = await list(me);
    expect(requests[0]?.provenance).toMatchObject({
      mutual: { count: 4 },
      room: null,
      joinedAt: new Date(start.getTime() - 365 * DAY).toISOString(),
    });
    expect(requests[0]?.provenance.mutual.people).toHaveLength(3);
    expect(requests[2]?.provenance.mutual).toEqual({ count: 0, people: [] });
    await expect(list(me, { after: 'x' })).rejects.toEqual(refusal('invalid_input'));
  });

  it('BC-18 the operator sees who sends how many, and how many were accepted', async () => {
    const [a, b, c] = (await people(3)) as [Person, Person, Person];
    const { id } = await a.find(b);
    await a.send(id, 'hello');
    await a.send((await a.find(c)).id, 'hello');
    await accept(b, id);
    const { accounts } = await routesOf()['GET /v1/admin/requests']({ query: { days: 30 } });
    expect(accounts.find(each => each.person.id === a.id)).toMatchObject({
      sent: 2,
      accepted: 1,
      reported: 0,
    });
  });
});
