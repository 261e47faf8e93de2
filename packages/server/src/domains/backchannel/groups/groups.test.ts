import type { GroupRole, LogEntry, ServerFrame } from '@sotto/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, type Person, personOf, type Stage, statementsOf } from '../fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

let count = 0;
const person = () => stage.person(`group${++count}`);
/** Someone who has been here for a month: a newcomer's limits are not theirs. */
async function oldHand(): Promise<Person> {
  const made = await person();
  await stage.platform.db
    .updateTable('accounts')
    .set({ created_at: new Date(stage.clock.now.getTime() - 30 * 86_400_000) })
    .where('id', '=', made.id)
    .execute();
  return made;
}
const refusal = (code: string) => expect.objectContaining({ name: 'Refusal', code });
const routes = () => stage.backchannel.routes;

const make = (owner: Person, people: readonly Person[], clientId = uuidv7(), title = 'Book club') =>
  routes()['POST /v1/groups'](
    { body: { clientId, title, people: people.map(each => each.id) } },
    owner.caller,
  );
const at = (conversation: string, other: { id: string }) => ({ params: { conversation, account: other.id } });
const add = (by: Person, conversation: string, other: { id: string }) =>
  routes()['PUT /v1/groups/:conversation/people/:account'](at(conversation, other), by.caller);
const remove = (by: Person, conversation: string, other: { id: string }) =>
  routes()['DELETE /v1/groups/:conversation/people/:account'](at(conversation, other), by.caller);
const setRole = (by: Person, conversation: string, other: { id: string }, role: GroupRole) =>
  routes()['PUT /v1/groups/:conversation/people/:account/role'](
    { ...at(conversation, other), body: { role } },
    by.caller,
  );
const leave = (who: Person, conversation: string) =>
  routes()['POST /v1/groups/:conversation/leave']({ params: { conversation } }, who.caller);
const rename = (by: Person, conversation: string, title: string) =>
  routes()['PATCH /v1/groups/:conversation']({ params: { conversation }, body: { title } }, by.caller);
const people = async (who: Person, conversation: string) =>
  (await routes()['GET /v1/groups/:conversation/people']({ params: { conversation } }, who.caller)).people;
const roles = async (who: Person, conversation: string) =>
  (await people(who, conversation)).map(each => [each.person.id, each.invited ? 'invited' : each.role]);
const accept = (who: Person, conversation: string) =>
  routes()['POST /v1/requests/:conversation/accept']({ params: { conversation } }, who.caller);
const framesOf = <T extends ServerFrame['type']>(who: Person, type: T) =>
  stage.framesTo(who.id).filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);

const silence = (who: Person, until: Date | null) =>
  stage.platform.db.updateTable('accounts').set({ silenced_until: until }).where('id', '=', who.id).execute();

/** Everybody knows the first. */
async function friends(number: number): Promise<[Person, ...Person[]]> {
  const first = await person();
  const others: Person[] = [];
  for (let made = 1; made < number; made++) {
    const other = await person();
    await other.follow(first);
    others.push(other);
  }
  return [first, ...others];
}

/** No two share a place, exactly one is the owner, and the number says how many there are. */
async function sound(conversation: string): Promise<void> {
  const { db } = stage.platform;
  const members = await db
    .selectFrom('members')
    .where('conversation_id', '=', conversation)
    .where('state', '=', 'active')
    .select(['account_id', 'role'])
    .execute();
  const { people_count, head } = await db
    .selectFrom('conversations')
    .where('id', '=', conversation)
    .select(['people_count', 'head'])
    .executeTakeFirstOrThrow();
  expect(people_count).toBe(members.length);
  if (members.length > 0) expect(members.filter(each => each.role === 'owner')).toHaveLength(1);
  const seqs = await db
    .selectFrom('log_entries')
    .where('conversation_id', '=', conversation)
    .orderBy('seq')
    .select(['seq', 'kind', 'extra', 'sender_id'])
    .execute();
  expect(seqs.map(each => each.seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  // The log alone says who is in it, and as what.
  const places = new Map<string, string>();
  for (const { kind, extra, sender_id } of seqs) {
    if (kind !== 'people') continue;
    const { change, accounts } = extra as { change: string; accounts: string[] };
    for (const account of accounts) {
      if (change === 'left' || change === 'removed') places.delete(account);
      else if (change === 'made') places.set(account, account === sender_id ? 'owner' : 'member');
      else if (change === 'added' || change === 'joined') places.set(account, 'member');
      else {
        if (change === 'owner')
          for (const [one, role] of places) if (role === 'owner') places.set(one, 'admin');
        places.set(account, change);
      }
    }
  }
  expect(places).toEqual(new Map(members.map(each => [each.account_id, each.role])));
}

describe('BC-2 groups', () => {
  it('BC-2 is made once for a client id, with who knows its maker in it', async () => {
    const [a, b, c] = await friends(3);
    const clientId = uuidv7();
    const made = await make(a, [b as Person, c as Person], clientId);
    expect(made).toMatchObject({
      kind: 'group',
      title: 'Book club',
      count: 3,
      you: 'owner',
      head: 1,
      state: 'active',
      blockedInside: false,
      unread: 0,
    });
    expect((await make(a, [], clientId)).id).toBe(made.id);
    expect((await b?.list())?.conversations).toMatchObject([
      { id: made.id, you: 'member', markedUnread: true },
    ]);
    expect((await a.log(made.id)).entries).toMatchObject([{ kind: 'people', by: a.id, change: 'made' }]);
    expect(framesOf(b as Person, 'conversation').at(-1)?.conversation).toEqual(await b?.get(made.id));
    await sound(made.id);
  });

  it('BC-2 a message reaches everyone in it', async () => {
    const [a, b, c] = await friends(3);
    const { id } = await make(a, [b as Person, c as Person]);
    const { seq } = await (b as Person).send(id, 'hello all');
    for (const one of [a, c as Person]) {
      expect(await one.get(id)).toMatchObject({ unread: 1, head: seq });
      expect(framesOf(one, 'entry').at(-1)).toMatchObject({ conversation: id, entry: { seq } });
    }
  });

  it('BC-2 joining shows what came after; who left or was removed loses it at once, on every node', async () => {
    const [a, b, c] = (await friends(3)) as [Person, Person, Person];
    const { id } = await make(a, [b]);
    await a.send(id, 'before c');
    await add(a, id, c);
    await a.send(id, 'for c too');
    expect((await c.log(id)).entries).toMatchObject([
      { kind: 'people', change: 'added', accounts: [c.id] },
      { kind: 'message', message: { text: 'for c too' } },
    ]);
    expect(await c.get(id)).toMatchObject({ firstSeq: 3, unread: 1 });
    const away = stage.node();
    const there = personOf(c.viewer, away.backchannel, stage.graph);
    await remove(a, id, c);
    expect(framesOf(c, 'conversationGone')).toMatchObject([{ conversation: id }]);
    const heard = stage.framesTo(c.id).length;
    await a.send(id, 'not for c');
    expect(stage.framesTo(c.id)).toHaveLength(heard);
    for (const gone of [c, there]) {
      await expect(gone.get(id)).rejects.toEqual(refusal('not_found'));
      await expect(gone.log(id)).rejects.toEqual(refusal('not_found'));
      await expect(gone.send(id, 'still here?')).rejects.toEqual(refusal('not_found'));
      await expect(gone.read(id, 1)).rejects.toEqual(refusal('not_found'));
    }
    await away.close();
    const resumed = await stage.backchannel.resume(c.viewer, [{ conversation: id, seq: 4 }]);
    expect(resumed.gone).toEqual([id]);
    await add(a, id, c);
    expect((await c.log(id)).entries).toMatchObject([{ kind: 'people', change: 'added' }]);
    await leave(b, id);
    await expect(b.get(id)).rejects.toEqual(refusal('not_found'));
    await sound(id);
  });

  it('BC-2 what a member, an admin and the owner may', async () => {
    const [owner, admin, second, member, other] = (await friends(5)) as [
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
    const { id } = await make(owner, [admin, second, member]);
    await setRole(owner, id, admin, 'admin');
    await setRole(owner, id, second, 'admin');
    const heard = (await owner.get(id)).head;
    for (const act of [
      () => rename(member, id, 'Mine'),
      () => add(member, id, other),
      () => remove(member, id, admin),
      () => setRole(member, id, admin, 'member'),
      () => setRole(admin, id, member, 'admin'),
      () => remove(admin, id, owner),
      () => remove(admin, id, second),
    ])
      await expect(act()).rejects.toEqual(refusal('group_admins_only'));
    for (const act of [() => rename(other, id, 'x'), () => people(other, id), () => leave(other, id)])
      await expect(act()).rejects.toEqual(refusal('not_found'));
    await expect(setRole(owner, id, owner, 'member')).rejects.toEqual(refusal('not_yourself'));
    await expect(remove(admin, id, admin)).rejects.toEqual(refusal('not_yourself'));
    await expect(remove(admin, id, other)).rejects.toEqual(refusal('not_found'));
    expect((await owner.get(id)).head).toBe(heard);

    expect(await rename(admin, id, '  Night \u202eowls ')).toMatchObject({ title: 'Night owls' });
    await rename(admin, id, 'Night owls');
    await other.follow(admin);
    await add(admin, id, other);
    await remove(admin, id, other);
    await setRole(owner, id, admin, 'owner');
    expect(await owner.get(id)).toMatchObject({ you: 'admin', title: 'Night owls' });
    expect(await roles(owner, id)).toEqual([
      [admin.id, 'owner'],
      [owner.id, 'admin'],
      [second.id, 'admin'],
      [member.id, 'member'],
    ]);
    expect((await owner.log(id)).entries.slice(heard).map(each => [each.kind, changeOf(each)])).toEqual([
      ['about', 'Night owls'],
      ['people', 'added'],
      ['people', 'removed'],
      ['people', 'owner'],
    ]);
    await sound(id);
  });

  it('BC-2 the owner’s place passes to the longest-standing admin, else member; the last one out leaves nothing', async () => {
    const [a, b, c, d] = (await friends(4)) as [Person, Person, Person, Person];
    const { id } = await make(a, []);
    for (const one of [b, c, d]) {
      stage.clock.now = new Date(stage.clock.now.getTime() + 1000);
      await add(a, id, one);
    }
    await setRole(a, id, d, 'admin');
    await leave(a, id);
    expect(await roles(b, id)).toEqual([
      [d.id, 'owner'],
      [b.id, 'member'],
      [c.id, 'member'],
    ]);
    expect(await d.get(id)).toMatchObject({ you: 'owner', count: 3 });
    await leave(d, id);
    expect(await b.get(id)).toMatchObject({ you: 'owner' });
    const stranger = await person();
    await add(b, id, stranger);
    await leave(c, id);
    await leave(b, id);
    await expect(stranger.get(id)).rejects.toEqual(refusal('not_found'));
    expect(framesOf(stranger, 'requests').at(-1)).toMatchObject({ waiting: 0 });
    await sound(id);
    await stage.backchannel.sweep();
    const left = await stage.platform.db
      .selectFrom('conversations')
      .where('id', '=', id)
      .select('id')
      .execute();
    expect(left).toEqual([]);
  });

  it('BC-2 the operator’s maximum holds, also of two who add at once', async () => {
    const [a, ...others] = await friends(4);
    const { backchannel, close } = stage.node({ groupPeopleMax: 3 });
    const small = backchannel.routes;
    await expect(
      small['POST /v1/groups'](
        { body: { clientId: uuidv7(), title: '', people: others.map(each => each.id) } },
        a.caller,
      ),
    ).rejects.toMatchObject({ code: 'group_full', details: { max: 3 } });
    const { id } = await small['POST /v1/groups'](
      { body: { clientId: uuidv7(), title: '', people: others.slice(0, 1).map(each => each.id) } },
      a.caller,
    );
    const results = await Promise.allSettled(
      others
        .slice(1)
        .map(other => small['PUT /v1/groups/:conversation/people/:account'](at(id, other), a.caller)),
    );
    expect(results.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    await sound(id);
    await close();
  });

  it('BC-2 whatever is done at the same moment, there is one owner and the log tells it all', async () => {
    for (let round = 0; round < 6; round++) {
      const [a, b, c, d] = (await friends(4)) as [Person, Person, Person, Person];
      const { id } = await make(a, [b, c]);
      const away = stage.node();
      const aThere = personOf(a.viewer, away.backchannel, stage.graph);
      const there = away.backchannel.routes;
      await Promise.allSettled([
        setRole(a, id, b, 'owner'),
        there['PUT /v1/groups/:conversation/people/:account/role'](
          { ...at(id, c), body: { role: 'owner' } },
          aThere.caller,
        ),
        leave(b, id),
        add(a, id, d),
        there['DELETE /v1/groups/:conversation/people/:account'](at(id, b), aThere.caller),
        leave(a, id),
        leave(c, id),
        rename(a, id, `round ${round}`),
      ]);
      await away.close();
      await sound(id);
    }
  });
});

describe('BC-10 nobody is put into a group against their will', () => {
  it('BC-10 who does not know the one who adds is invited, sees nothing of the log, and is in it after a yes', async () => {
    const [a, friend] = (await friends(2)) as [Person, Person];
    const stranger = await person();
    const { id } = await make(a, [friend, stranger]);
    await a.send(id, 'before');
    expect(await a.get(id)).toMatchObject({ count: 2 });
    expect(await roles(a, id)).toEqual([
      [a.id, 'owner'],
      [friend.id, 'member'],
      [stranger.id, 'invited'],
    ]);
    expect(await stranger.get(id)).toMatchObject({ state: 'invitation', last: null, unread: 0 });
    expect((await stranger.log(id)).entries).toEqual([]);
    expect((await stranger.list()).conversations).toEqual([]);
    await expect(people(stranger, id)).rejects.toEqual(refusal('not_found'));
    await expect(stranger.send(id, 'may I?')).rejects.toMatchObject({ name: 'Refusal' });
    expect(framesOf(stranger, 'entry')).toEqual([]);
    const resumed = await stage.backchannel.resume(stranger.viewer, [{ conversation: id, seq: 0 }]);
    expect(resumed).toMatchObject({ entries: [], limited: [], gone: [] });

    expect(await accept(stranger, id)).toMatchObject({ state: 'active', count: 3, firstSeq: 3 });
    expect((await stranger.log(id)).entries).toMatchObject([{ kind: 'people', change: 'joined' }]);
    await a.send(id, 'after');
    expect((await stranger.get(id)).unread).toBe(1);
    await sound(id);
  });

  it('BC-10 who declined, left, takes no messages or has blocked looks invited, all alike', async () => {
    const a = await oldHand();
    const [waits, declines, blocks, closed, blockedByMe, left] = [
      await person(),
      await person(),
      await person(),
      await person(),
      await person(),
      await person(),
    ];
    await blocks.block(a);
    await a.block(blockedByMe);
    await routes()['PATCH /v1/me/backchannel']({ body: { whoMayWrite: 'nobody' } }, closed.caller);
    await left.follow(a);
    const { id } = await make(a, [left]);
    await leave(left, id);
    for (const one of [waits, declines, blocks, closed, blockedByMe, left]) {
      const before = stage.framesTo(a.id).length;
      expect(await add(a, id, one)).toBeUndefined();
      expect(stage.framesTo(a.id)).toHaveLength(before);
    }
    await routes()['POST /v1/requests/:conversation/delete'](
      { params: { conversation: id } },
      declines.caller,
    );
    const shown = await people(a, id);
    expect(shown.slice(1).map(each => [each.role, each.invited])).toEqual(
      Array.from({ length: 6 }, () => ['member', true]),
    );
    for (const silent of [blocks, closed, blockedByMe]) {
      expect(
        stage.framesTo(silent.id).filter(frame => frame.type === 'requests' && frame.waiting > 0),
      ).toEqual([]);
      await expect(silent.get(id)).rejects.toEqual(refusal('not_found'));
    }
    expect(await left.get(id)).toMatchObject({ state: 'invitation' });
    // Taken back and asked again: who declined is not asked a second time.
    await remove(a, id, declines);
    await add(a, id, declines);
    await expect(declines.get(id)).rejects.toEqual(refusal('not_found'));
    await remove(a, id, waits);
    await expect(waits.get(id)).rejects.toEqual(refusal('not_found'));
    await sound(id);
  });

  it('BC-17 a name with words or hosts that the invited holds back is kept back, also one that came later', async () => {
    const a = await oldHand();
    const [wary, plain] = [await person(), await person()];
    const rules = { heldWords: ['crypto'], heldHosts: ['spam.example'] };
    await routes()['PATCH /v1/me/backchannel']({ body: rules }, wary.caller);
    const list = (view: 'waiting' | 'held') =>
      routes()['GET /v1/requests']({ query: { view, limit: 50 } }, wary.caller);
    const { id } = await make(a, [wary, plain], uuidv7(), 'CRYPTO gains');
    expect(await list('waiting')).toMatchObject({ requests: [], waiting: 0, held: 1 });
    expect((await list('held')).requests).toMatchObject([
      { from: { id: a.id }, conversation: { id, state: 'invitation', canWrite: false, last: null } },
    ]);
    await expect(wary.get(id)).rejects.toEqual(refusal('not_found'));
    expect(await plain.get(id)).toMatchObject({ state: 'invitation' });
    // To the group both are invited alike, and a held one can be taken up or back.
    expect((await people(a, id)).slice(1).map(each => each.invited)).toEqual([true, true]);
    await remove(a, id, wary);
    expect(await list('held')).toMatchObject({ requests: [], held: 0 });
    await rename(a, id, 'Book club');
    await add(a, id, wary);
    expect(await list('waiting')).toMatchObject({ requests: [{ conversation: { id } }], held: 0 });
    await rename(a, id, 'See spam.example');
    expect(await list('waiting')).toMatchObject({ requests: [], waiting: 0, held: 1 });
    expect(framesOf(wary, 'requests').at(-1)).toMatchObject({ waiting: 0 });
    expect(framesOf(wary, 'conversationGone').at(-1)).toMatchObject({ conversation: id });
    expect(await accept(wary, id)).toMatchObject({ state: 'active' });
    // A block takes away what is held back as well.
    const other = await make(a, [wary], uuidv7(), 'More crypto');
    expect(await wary.get(other.id).catch(() => null)).toBeNull();
    await wary.block(a);
    expect(await list('held')).toMatchObject({ requests: [], held: 0 });
    await sound(id);
  });

  it('BC-16 an invitation counts as a request: one may not fill the world with them', async () => {
    const a = await person();
    const strangers = [await person(), await person(), await person(), await person()];
    await expect(make(a, strangers)).rejects.toMatchObject({
      code: 'request_limit',
      details: { limit: 'new_account', max: 3 },
    });
    expect((await a.list()).conversations).toEqual([]);
  });

  it('RT-3 a block takes the locks of all it touches in the order of ids, as messages that go together do', async () => {
    const [a, b] = [await person(), await person()];
    const direct = (await a.find(b)).id;
    // An invitation, which a block takes away before it looks at what is between the two.
    const group = (await make(a, [b])).id;
    expect(direct < group).toBe(true);
    const { db } = stage.platform;
    const waiting = async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows[0]?.waiting;
    };
    for (const change of [() => b.block(a), () => b.unblock(a)]) {
      const changed = await db.transaction().execute(async tx => {
        const hold = (id: string) =>
          sql`select from conversations where id = ${id} for no key update nowait`.execute(tx);
        await hold(direct);
        const changing = change();
        await vi.waitFor(async () => expect(await waiting()).toBe(1), 10_000);
        await hold(group);
        return { changing };
      });
      await changed.changing;
    }
  });

  it('PE-5 someone blocked inside is said so, to who blocked alone; what they say is withheld', async () => {
    const [a, b, c] = (await friends(3)) as [Person, Person, Person];
    const { id } = await make(a, [b, c]);
    await b.block(c);
    expect(await b.get(id)).toMatchObject({ blockedInside: true });
    expect(await c.get(id)).toMatchObject({ blockedInside: false });
    expect(framesOf(b, 'conversation').at(-1)?.conversation).toMatchObject({ id, blockedInside: true });
    await c.send(id, 'not for b');
    expect(await b.get(id)).toMatchObject({ unread: 0, last: null });
    expect((await b.log(id)).entries.at(-1)).toMatchObject({ kind: 'withheld' });
    expect((await people(c, id)).map(each => each.person.id)).toContain(b.id);
    // Nor do the words come back in what others, or they themselves, answer to it.
    const send = routes()['POST /v1/conversations/:conversation/messages'];
    const { seq } = await c.send(id, 'quoted not for b');
    for (const who of [a, b])
      await send(
        {
          params: { conversation: id },
          body: { clientId: uuidv7(), text: 'yes', reply: seq, attachments: [] },
        },
        who.caller,
      );
    const told = (who: Person) => JSON.stringify(framesOf(who, 'entry'));
    expect(told(b)).not.toContain('not for b');
    expect(framesOf(b, 'entry').slice(-2)).toMatchObject([
      { entry: { message: { text: 'yes', reply: { seq, text: '' } } } },
      { entry: { message: { text: 'yes', reply: { seq, text: '' } } } },
    ]);
    expect(told(a)).toContain(`"reply":{"seq":${seq},"sender":"${c.id}","text":"quoted not for b"`);
    expect((await b.log(id)).entries.at(-1)).toEqual(framesOf(b, 'entry').at(-1)?.entry);
    await b.unblock(c);
    expect(framesOf(b, 'conversation').at(-1)?.conversation).toMatchObject({ id, blockedInside: false });
  });
});

const changeOf = (entry: LogEntry): string =>
  entry.kind === 'people' ? entry.change : entry.kind === 'about' ? entry.title : '';

describe('a new group', () => {
  it('BC-2 PE-5 is told to each as it is for them, with as many statements for many as for few', async () => {
    const [ada, bo, cy, di] = (await friends(4)) as [Person, Person, Person, Person];
    const whole = async (...come: Person[]) =>
      (await statementsOf(() => make(ada, come))).filter(text => text.includes('as blocked_inside')).length;
    expect(await whole(bo, cy, di)).toBe(await whole(bo));
    await bo.block(cy);
    const { id } = await make(ada, [bo, cy, di]);
    for (const each of [ada, bo, cy, di])
      expect(framesOf(each, 'conversation').at(-1)?.conversation).toEqual(await each.get(id));
    expect(framesOf(bo, 'conversation').at(-1)?.conversation).toMatchObject({ blockedInside: true });
    expect(framesOf(di, 'conversation').at(-1)?.conversation).toMatchObject({ blockedInside: false });
  });
});

describe('a group of somebody silenced', () => {
  it('PE-9 gets neither a name nor a picture from them, until it is over', async () => {
    const [ada, bo] = await friends(2);
    const { id } = await make(ada, [bo as Person]);
    const until = new Date(stage.clock.now.getTime() + 3_600_000);
    await silence(ada, until);
    const silenced = expect.objectContaining({ code: 'silenced', details: { until: until.toISOString() } });
    await expect(rename(ada, id, 'A rude word')).rejects.toEqual(silenced);
    await expect(
      routes()['PUT /v1/groups/:conversation/picture'](
        { params: { conversation: id }, bytes: Buffer.from('any picture'), type: 'image/png' },
        ada.caller,
      ),
    ).rejects.toEqual(silenced);
    await expect(make(ada, [])).rejects.toEqual(silenced);
    await silence(ada, stage.clock.now);
    expect(await rename(ada, id, 'A kind word')).toMatchObject({ title: 'A kind word' });
  });
});
