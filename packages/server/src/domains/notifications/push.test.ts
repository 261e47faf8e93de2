import { randomBytes } from 'node:crypto';
import type { PushChoices, PushPayload } from '@sotto/protocol';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMetrics } from '../../platform/metrics/index.ts';
import { createOutbound, type Outbound } from '../../platform/outbound/index.ts';
import type { Repeated } from '../../platform/repeat.ts';
import { createStage, type Person, type Stage } from '../backchannel/fixture.ts';
import { createNotifications, type Notifications } from './index.ts';
import { sweepShown } from './store.ts';
import { type Browser, pushService, vapidOf } from './test/push-service.ts';

let stage: Stage;
let service: Awaited<ReturnType<typeof pushService>>;
let outbound: Outbound;
let notifications: Notifications;
let running: Repeated;
let ada: Person;
let bob: Person;
let conversation: string;

beforeAll(async () => {
  stage = await createStage();
  service = await pushService();
  outbound = createOutbound({
    resolve: async host => (host === 'inside.example.org' ? ['10.0.0.1'] : ['127.0.0.1']),
    allow: [service.host],
  });
  notifications = node();
});
afterAll(async () => {
  await outbound.close();
  await service.close();
  await stage.close();
});

let count = 0;
beforeEach(async () => {
  count += 1;
  [ada, bob] = [await stage.person(`ada${count}`), await stage.person(`bob${count}`)];
  conversation = (await ada.open(bob)).id;
  service.arrived.length = 0;
  running = notifications.start();
});
afterEach(() => running.stop());

function node(): Notifications {
  return createNotifications(
    { ...stage.platform, metrics: createMetrics() },
    { conversations: stage.backchannel, outbound, subject: () => 'mailto:operator@example.org' },
  );
}

const routes = () => notifications.routes;
async function subscribe(person: Person, browser = service.browser()): Promise<Browser> {
  await routes()['PUT /v1/me/push']({ body: browser.subscription }, person.caller);
  return browser;
}
/** Another device of theirs. */
async function device(person: Person): Promise<Person> {
  const { id: session } = await stage.platform.db
    .insertInto('sessions')
    .values({
      account_id: person.id,
      token_hash: randomBytes(32),
      client: 'test',
      last_seen_at: stage.platform.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { ...person, caller: { ...person.caller, viewer: { ...person.viewer, session } } };
}
const subscriptionsOf = ({ id }: Person) =>
  stage.platform.db.selectFrom('push_subscriptions').selectAll().where('account_id', '=', id).execute();
/** They are in a conversation, whoever was there before. */
const putInto = (conversation: string, ...people: Person[]) =>
  stage.platform.db
    .insertInto('members')
    .values(
      people.map(({ id }) => ({ conversation_id: conversation, account_id: id, state: 'active' as const })),
    )
    .onConflict(conflict => conflict.doNothing())
    .execute();
/** A group of theirs. */
async function friends(...people: Person[]): Promise<{ id: string }> {
  const group = await stage.platform.db
    .insertInto('conversations')
    .values({
      kind: 'group',
      title: 'Friends',
      people_count: people.length,
      last_entry_at: stage.platform.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await putInto(group.id, ...people);
  return group;
}
const choose = (person: Person, body: Partial<PushChoices>) =>
  routes()['PATCH /v1/me/push/choices']({ body }, person.caller);
const pass = (seconds: number): void => {
  stage.clock.now = new Date(stage.clock.now.getTime() + seconds * 1000);
};
const owed = () => stage.platform.db.selectFrom('push_owed').selectAll().execute();
/** All that was owed has been looked at. */
const settled = () => vi.waitFor(async () => expect(await owed()).toEqual([]), 5000);
/** What was just written is due, and has been looked at. */
const told = async () => {
  pass(4);
  await settled();
};
const arrives = (browser: Browser, number = 1): Promise<PushPayload[]> =>
  vi.waitFor(() => {
    const pushes = browser.pushes();
    expect(pushes.length).toBeGreaterThanOrEqual(number);
    return pushes;
  }, 5000);

describe('BC-31: a push', () => {
  test('BC-31 reaches the browser some seconds later, readable by it alone, signed as ours', async () => {
    const browser = await subscribe(bob);
    await ada.send(conversation, 'hello bob');
    expect(await owed()).toHaveLength(1);
    pass(2);
    expect(service.arrived).toEqual([]);
    pass(2);
    expect(await arrives(browser)).toEqual([
      {
        v: 1,
        kind: 'message',
        conversation,
        title: `ada${count}`,
        body: 'hello bob',
        count: 1,
        badge: 1,
        tag: `conversation ${conversation}`,
        url: `/backchannel/${conversation}`,
        at: expect.any(Number),
      },
    ]);
    const [push] = service.arrived;
    if (!push) throw new Error('no push');
    expect(push.headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      ttl: '86400',
      urgency: 'high',
      topic: conversation.replaceAll('-', ''),
      'user-agent': expect.stringMatching(/^Sotto/),
    });
    expect(push.headers.cookie).toBeUndefined();
    expect(push.body.includes('hello')).toBe(false);
    const { key, claims } = vapidOf(push);
    expect(key).toBe((await routes()['GET /v1/push/key']()).key);
    expect(claims).toMatchObject({ aud: service.origin, sub: 'mailto:operator@example.org' });
    expect(claims.exp * 1000 - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
    // Nobody else can open it.
    expect(() => service.browser().open(push)).toThrow();
    await settled();
  });

  test('BC-31 its length tells nothing of what was written', async () => {
    await subscribe(bob);
    await ada.send(conversation, 'a');
    await told();
    await ada.send(conversation, 'somewhat longer than before');
    await told();
    const [first, second] = service.arrived;
    expect(first?.body.length).toBe(second?.body.length);
  });

  test('BC-31 several messages are one push, of the newest', async () => {
    const browser = await subscribe(bob);
    for (const text of ['one', 'two', 'three']) await ada.send(conversation, text);
    await told();
    expect(browser.pushes()).toMatchObject([{ body: 'three', count: 3 }]);
  });

  test('BC-31 every device that is subscribed gets it, and the writer’s own do not', async () => {
    const phone = await subscribe(bob);
    const laptop = await subscribe(await device(bob));
    const own = await subscribe(ada);
    await ada.send(conversation, 'all of you');
    await told();
    expect([phone.pushes().length, laptop.pushes().length, own.pushes().length]).toEqual([1, 1, 0]);
  });

  test('BC-31 two nodes push it once', async () => {
    const browser = await subscribe(bob);
    const second = node().start();
    await ada.send(conversation, 'once');
    await told();
    await second.stop();
    expect(browser.pushes()).toHaveLength(1);
  });

  test('BC-31 what no node was there to push is pushed by the next one', async () => {
    const browser = await subscribe(bob);
    await running.stop();
    await ada.send(conversation, 'durable');
    pass(4);
    running = notifications.start();
    expect(await arrives(browser)).toMatchObject([{ body: 'durable' }]);
  });

  test('BC-31 nothing is written for who has no subscription', async () => {
    await subscribe(await stage.person(`other${count}`));
    await ada.send(conversation, 'nobody listens');
    expect(await owed()).toEqual([]);
  });

  test('BC-31 what was read meanwhile on another device is not pushed', async () => {
    const browser = await subscribe(bob);
    const { seq } = await ada.send(conversation, 'seen');
    await bob.read(conversation, seq);
    await told();
    expect(browser.pushes()).toEqual([]);
  });

  test('BC-31 read elsewhere, it is cleared, once', async () => {
    const browser = await subscribe(bob);
    const { seq } = await ada.send(conversation, 'look');
    await told();
    await bob.read(conversation, seq);
    expect((await arrives(browser, 2))[1]).toEqual({
      v: 1,
      kind: 'clear',
      conversation,
      badge: 0,
      tag: `conversation ${conversation}`,
    });
    expect(service.arrived[1]?.headers).toMatchObject({
      urgency: 'low',
      topic: conversation.replaceAll('-', ''),
    });
    await settled();
    await ada.send(conversation, 'again');
    await bob.read(conversation, seq + 1);
    await told();
    expect(browser.pushes()).toHaveLength(2);
  });

  test('BC-31 answering clears it on the other devices too', async () => {
    const browser = await subscribe(bob);
    const { seq } = await ada.send(conversation, 'well?');
    await told();
    await bob.read(conversation, seq);
    await bob.send(conversation, 'yes');
    expect((await arrives(browser, 2))[1]).toMatchObject({ kind: 'clear' });
  });

  test('BC-31 what is muted is not pushed', async () => {
    const browser = await subscribe(bob);
    await sql`update members set muted_until = '9999-01-01' where account_id = ${bob.id}`.execute(
      stage.platform.db,
    );
    await ada.send(conversation, 'psst');
    expect(await owed()).toEqual([]);
    await sql`update members set muted_until = null where account_id = ${bob.id}`.execute(stage.platform.db);
    await ada.send(conversation, 'and now?');
    // Muted while it waits.
    await sql`update members set muted_until = '9999-01-01' where account_id = ${bob.id}`.execute(
      stage.platform.db,
    );
    await told();
    expect(browser.pushes()).toEqual([]);
  });

  test('BC-31 what came before a block is not pushed after it', async () => {
    const browser = await subscribe(bob);
    await ada.send(conversation, 'before');
    await bob.block(ada);
    await told();
    expect(browser.pushes()).toEqual([]);
  });

  test('BC-14 a request is not pushed and does not count; accepted, what follows is', async () => {
    const eve = await stage.person(`eve${count}`);
    const browser = await subscribe(bob);
    const { id } = await eve.find(bob);
    await eve.send(id, 'you do not know me');
    expect(await owed()).toEqual([]);
    await ada.send(conversation, 'you know me');
    await told();
    expect(browser.pushes()).toMatchObject([{ body: 'you know me', badge: 1 }]);
    await bob.send(id, 'hello eve');
    await eve.send(id, 'hello bob');
    await told();
    expect(browser.pushes().at(-1)).toMatchObject({ body: 'hello bob', badge: 2 });
  });
});

describe('BC-31: as one chooses', () => {
  test('BC-31 choices are kept, and only what is given changes', async () => {
    const read = () => routes()['GET /v1/me/push/choices']({}, bob.caller);
    const all = { direct: true, groups: true, mentions: true, quiet: null, hideText: false };
    expect(await read()).toEqual(all);
    const quiet = { from: '22:30', to: '07:05', timeZone: 'Asia/Kolkata' };
    await choose(bob, { quiet });
    expect(await choose(bob, { groups: false })).toEqual({ ...all, quiet, groups: false });
    expect(await read()).toEqual({ ...all, quiet, groups: false });
    expect((await choose(bob, { quiet: null })).quiet).toBeNull();
  });

  test('BC-31 choices that are changed at the same moment are all kept', async () => {
    const quiet = { from: '22:00', to: '07:00', timeZone: 'Europe/Zurich' };
    for (let round = 0; round < 5; round += 1) {
      const on = round % 2 === 0;
      await Promise.all([
        choose(bob, { quiet: on ? quiet : null }),
        choose(bob, { hideText: on }),
        choose(bob, { groups: !on }),
      ]);
      expect(await routes()['GET /v1/me/push/choices']({}, bob.caller)).toMatchObject({
        quiet: on ? quiet : null,
        hideText: on,
        groups: !on,
      });
    }
  });

  test('BC-31 no direct messages', async () => {
    const browser = await subscribe(bob);
    await choose(bob, { direct: false });
    await ada.send(conversation, 'unwanted');
    await told();
    expect(browser.pushes()).toEqual([]);
  });

  /** At night, with the quiet hours of London, and something written in them. */
  async function night(): Promise<Browser> {
    const browser = await subscribe(bob);
    stage.clock.now = new Date('2027-01-10T23:30:00Z');
    await choose(bob, { quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/London' } });
    await ada.send(conversation, 'late');
    pass(4);
    await vi.waitFor(
      async () => expect(await owed()).toMatchObject([{ due_at: new Date('2027-01-11T07:00:00Z') }]),
      5000,
    );
    expect(browser.pushes()).toEqual([]);
    return browser;
  }
  const morning = (): void => {
    stage.clock.now = new Date('2027-01-11T07:00:00Z');
  };

  test('BC-31 nothing in quiet hours; what is unread when they end comes then, once and without a sound', async () => {
    const browser = await night();
    await ada.send(conversation, 'later');
    morning();
    await settled();
    expect(browser.pushes()).toMatchObject([{ body: 'later', count: 2, silent: true }]);
    await ada.send(conversation, 'good morning');
    await told();
    expect(browser.pushes()).toHaveLength(2);
    expect(browser.pushes()[1]).toMatchObject({ body: 'good morning' });
    expect(browser.pushes()[1]).not.toHaveProperty('silent');
  });

  test('BC-31 what was read in quiet hours does not come after them', async () => {
    const browser = await night();
    await bob.read(conversation, 1);
    morning();
    await settled();
    expect(browser.pushes()).toEqual([]);
  });

  test('BC-31 quiet hours go by the clock where one is, and what waits for their end heeds their change', async () => {
    const browser = await night();
    await choose(bob, { quiet: { from: '22:00', to: '07:00', timeZone: 'Asia/Tokyo' } });
    await settled();
    expect(browser.pushes()).toMatchObject([{ body: 'late' }]);
    await ada.send(conversation, 'it is half past eight there');
    await told();
    expect(browser.pushes()).toMatchObject([{ body: 'late' }, { body: 'it is half past eight there' }]);
  });

  test('BC-31 quiet all day, nothing ever comes', async () => {
    const browser = await subscribe(bob);
    await choose(bob, { quiet: { from: '08:00', to: '08:00', timeZone: 'Europe/London' } });
    await ada.send(conversation, 'never');
    await told();
    expect(browser.pushes()).toEqual([]);
  });

  test('BC-31 read in quiet hours, what was shown before them goes away, though something waits', async () => {
    const browser = await subscribe(bob);
    stage.clock.now = new Date('2027-01-10T21:59:00Z');
    await choose(bob, { quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/London' } });
    await ada.send(conversation, 'good night');
    await told();
    pass(60);
    const { seq } = await ada.send(conversation, 'are you there?');
    pass(4);
    const waiting = { due_at: new Date('2027-01-11T07:00:00Z') };
    await vi.waitFor(async () => expect(await owed()).toMatchObject([waiting]), 5000);
    await bob.read(conversation, seq - 1);
    await sweepShown(stage.platform.db, stage.platform.now());
    expect(await owed()).toMatchObject([waiting]);
    await bob.read(conversation, seq);
    await sweepShown(stage.platform.db, stage.platform.now());
    expect((await arrives(browser, 2))[1]).toMatchObject({ kind: 'clear', conversation });
    await settled();
  });

  test('BC-31 the text may be hidden', async () => {
    const browser = await subscribe(bob);
    await choose(bob, { hideText: true });
    await ada.send(conversation, 'a secret');
    pass(4);
    const [push] = await arrives(browser);
    expect(push).toMatchObject({ title: `ada${count}` });
    expect(JSON.stringify(push)).not.toContain('secret');
  });

  test('BC-31 in a group: its name, who wrote; mentions though groups are off', async () => {
    const dan = await stage.person(`dan${count}`);
    const group = await friends(ada, bob, dan);
    const [bobs, dans] = [await subscribe(bob), await subscribe(dan)];
    await choose(dan, { groups: false });
    await ada.send(group.id, 'hello all, mail me@example.org');
    await told();
    expect(bobs.pushes()).toMatchObject([
      { title: 'Friends', from: `ada${count}`, body: 'hello all, mail me@example.org' },
    ]);
    expect(dans.pushes()).toEqual([]);
    await ada.send(group.id, `what do you say, @Dan${count}?`);
    await told();
    expect(dans.pushes()).toMatchObject([{ body: `what do you say, @Dan${count}?` }]);
    // Of someone they blocked, nothing.
    await dan.block(ada);
    await ada.send(group.id, `@dan${count}`);
    await told();
    expect(dans.pushes().filter(each => each.kind === 'message')).toHaveLength(1);
  });

  test('BC-31 BC-6 taken out of view, a message goes from the screens it stands on; what is unread takes its place', async () => {
    const hide = (conversation: string, seq: number) =>
      stage.platform.transact(work => stage.backchannel.hide(work, conversation, seq));
    const browser = await subscribe(bob);
    await ada.send(conversation, 'kind');
    const rude = await ada.send(conversation, 'rude');
    await told();
    expect(browser.pushes()).toMatchObject([{ body: 'rude', count: 2 }]);
    await hide(conversation, rude.seq);
    expect((await arrives(browser, 2))[1]).toMatchObject({
      kind: 'message',
      body: 'kind',
      silent: true,
      tag: `conversation ${conversation}`,
    });
    await settled();
    // What comes next is told as ever.
    const { seq } = await ada.send(conversation, 'sorry');
    await told();
    const third = browser.pushes()[2];
    expect(third).toMatchObject({ body: 'sorry' });
    expect(third).not.toHaveProperty('silent');
    await bob.read(conversation, seq);
    expect((await arrives(browser, 4))[3]).toMatchObject({ kind: 'clear' });
    await settled();
    const worse = await ada.send(conversation, 'worse');
    await told();
    await hide(conversation, worse.seq);
    expect((await arrives(browser, 6))[5]).toMatchObject({ kind: 'clear', conversation });
    await settled();
    const shown = stage.platform.db.selectFrom('push_shown').selectAll().where('account_id', '=', bob.id);
    expect(await shown.execute()).toEqual([]);
  });

  test('BC-31 BC-6 what is taken out of view goes in quiet hours too, and from devices that were switched off', async () => {
    const browser = await subscribe(bob);
    stage.clock.now = new Date('2027-01-10T21:59:00Z');
    await choose(bob, { quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/London' } });
    const rude = await ada.send(conversation, 'rude');
    await told();
    pass(60);
    await ada.send(conversation, 'still awake?');
    pass(4);
    await vi.waitFor(
      async () => expect(await owed()).toMatchObject([{ due_at: new Date('2027-01-11T07:00:00Z') }]),
      5000,
    );
    await stage.platform.transact(work => stage.backchannel.hide(work, conversation, rude.seq));
    await sweepShown(stage.platform.db, stage.platform.now());
    expect((await arrives(browser, 2))[1]).toMatchObject({ body: 'still awake?', silent: true });
    await settled();
    stage.clock.now = new Date('2027-01-11T08:00:00Z');
    await ada.send(conversation, 'good morning');
    const last = await ada.send(conversation, 'rude again');
    await told();
    await choose(bob, { direct: false });
    await stage.platform.transact(work => stage.backchannel.hide(work, conversation, last.seq));
    expect((await arrives(browser, 4))[3]).toMatchObject({ kind: 'clear' });
    await settled();
  });

  test('BC-31 BC-6 taken out of view in the moment it is pushed, it goes soon after', async () => {
    const { db, transact, now } = stage.platform;
    const browser = await subscribe(bob);
    const { seq } = await ada.send(conversation, 'fast');
    await told();
    await running.stop();
    await transact(work => stage.backchannel.hide(work, conversation, seq));
    // As if its notification had been noted after the trigger looked.
    await db.updateTable('push_shown').set({ gone: false }).where('account_id', '=', bob.id).execute();
    await db.deleteFrom('push_owed').execute();
    running = notifications.start();
    await sweepShown(db, now());
    expect((await arrives(browser, 2))[1]).toMatchObject({ kind: 'clear' });
    await settled();
  });

  test('BC-31 PE-5 what stands on the screen of somebody who blocks its writer goes away', async () => {
    const eve = await stage.person(`eve${count}`);
    const group = await friends(ada, bob, eve);
    const [bobs, adas] = [await subscribe(bob), await subscribe(ada)];
    await ada.send(group.id, 'see you at eight');
    await eve.send(group.id, 'or never');
    await eve.find(bob);
    await told();
    expect(bobs.pushes()).toMatchObject([{ body: 'or never', count: 2 }]);
    await bob.block(eve);
    expect((await arrives(bobs, 2))[1]).toMatchObject({ body: 'see you at eight', count: 1, silent: true });
    await bob.block(ada);
    expect((await arrives(bobs, 3))[2]).toMatchObject({ kind: 'clear', badge: 0 });
    await settled();
    // Whom they did not block sees what they saw.
    expect(adas.pushes()).toMatchObject([{ body: 'or never' }]);
  });

  test('BC-31 PE-5 what one may not see takes nothing away from what one may', async () => {
    const eve = await stage.person(`eve${count}`);
    const group = await friends(ada, bob, eve);
    const browser = await subscribe(bob);
    await bob.block(eve);
    await ada.send(group.id, 'see you at eight');
    const seen = await ada.send(group.id, 'at the fountain');
    await eve.send(group.id, `@bob${count}`);
    await told();
    expect(browser.pushes()).toMatchObject([{ kind: 'message', body: 'at the fountain', count: 2 }]);
    expect(await bob.get(group.id)).toMatchObject({ unread: 2, last: { seq: seen.seq } });
    // Neither told again, nor taken away.
    await eve.send(group.id, 'and again');
    await told();
    expect(browser.pushes()).toHaveLength(1);
    const rude = await ada.send(group.id, 'taken back');
    await stage.platform.transact(work => stage.backchannel.hide(work, group.id, rude.seq));
    await told();
    expect(browser.pushes()).toHaveLength(1);
    await bob.read(group.id, seen.seq);
    await told();
    expect(browser.pushes()).toHaveLength(2);
    expect(browser.pushes()[1]).toMatchObject({ kind: 'clear' });
  });

  test('BC-31 in the talk of a room: only whom it names', async () => {
    const { db } = stage.platform;
    const room = await db
      .insertInto('rooms')
      .values({ title: 'Town hall', topics: [], visibility: 'open', key: 'k', opened_by: ada.id })
      .returning('id')
      .executeTakeFirstOrThrow();
    const talk =
      (await db
        .selectFrom('conversations')
        .where('room_id', '=', room.id)
        .where('kind', '=', 'room')
        .select('id')
        .executeTakeFirst()) ??
      (await db
        .insertInto('conversations')
        .values({ kind: 'room', room_id: room.id })
        .returning('id')
        .executeTakeFirstOrThrow());
    const dan = await stage.person(`dan${count}`);
    await putInto(talk.id, ada, bob, dan);
    await subscribe(bob);
    await subscribe(dan);
    await ada.send(talk.id, `welcome, @bob${count}.`);
    expect((await owed()).map(each => each.account_id)).toEqual([bob.id]);
  });
});

describe('BC-31: subscriptions', () => {
  test('BC-31 signed out, a device gets no more', async () => {
    const browser = await subscribe(bob);
    await ada.send(conversation, 'just before');
    await stage.accounts.routes['POST /v1/sign-out']({}, bob.caller, {
      setSession: () => undefined,
      clearSession: () => undefined,
    });
    await told();
    expect(browser.pushes()).toEqual([]);
    await ada.send(conversation, 'after');
    expect(await owed()).toEqual([]);
  });

  test('BC-31 switched off, a device gets no more', async () => {
    await subscribe(bob);
    await routes()['DELETE /v1/me/push']({}, bob.caller);
    await routes()['DELETE /v1/me/push']({}, bob.caller);
    await ada.send(conversation, 'off');
    expect(await owed()).toEqual([]);
  });

  test('BC-31 a session has one subscription, and a browser one account', async () => {
    const old = await subscribe(bob);
    const browser = await subscribe(bob);
    await ada.send(conversation, 'one');
    await told();
    expect([old.pushes().length, browser.pushes().length]).toEqual([0, 1]);
    // Somebody else signs in with the same browser.
    await subscribe(ada, browser);
    await ada.send(conversation, 'two');
    expect(await owed()).toEqual([]);
  });

  test.each([404, 410])('BC-31 a service that says %i is asked no more', async status => {
    const browser = await subscribe(bob);
    service.answer(browser.path, status);
    await ada.send(conversation, 'gone?');
    await told();
    expect(await subscriptionsOf(bob)).toEqual([]);
  });

  test.each([429, 503])('BC-31 a service that says %i gets it later; others have it once', async status => {
    const slow = await subscribe(bob);
    const fine = await subscribe(await device(bob));
    service.answer(slow.path, status, { 'retry-after': '30' });
    await ada.send(conversation, 'when you can');
    pass(4);
    await arrives(slow);
    await vi.waitFor(async () => expect((await owed())[0]?.sent_to).toHaveLength(1), 5000);
    service.answer(slow.path, 201);
    pass(20);
    await new Promise(resolve => setImmediate(resolve));
    expect(slow.pushes()).toHaveLength(1);
    pass(11);
    await settled();
    expect([slow.pushes().length, fine.pushes().length]).toEqual([2, 1]);
  });

  /** The phone has it; the laptop's service is asked again after half a minute. */
  async function halfTold(text: string) {
    const phone = await subscribe(bob);
    const laptop = await subscribe(await device(bob));
    service.answer(laptop.path, 503, { 'retry-after': '30' });
    const { seq } = await ada.send(conversation, text);
    pass(4);
    await arrives(laptop);
    await vi.waitFor(async () => expect((await owed())[0]?.sent_to).toHaveLength(1), 5000);
    return { phone, laptop, seq };
  }
  const recover = async ({ path }: Browser): Promise<void> => {
    service.answer(path, 201);
    pass(31);
    await settled();
  };

  test('BC-31 BC-6 taken out of view while one device’s service is waited for, it goes from those that have it', async () => {
    const { phone, laptop, seq } = await halfTold('rude');
    await stage.platform.transact(work => stage.backchannel.hide(work, conversation, seq));
    await recover(laptop);
    expect(phone.pushes()).toMatchObject([{ kind: 'message', body: 'rude' }, { kind: 'clear' }]);
    expect(laptop.pushes().slice(1)).toMatchObject([{ kind: 'clear' }]);
  });

  test('BC-31 BC-6 it goes soon, however long a service is waited for, and once', async () => {
    const { phone, laptop, seq } = await halfTold('rude');
    const { db, now } = stage.platform;
    const at = new Date(now().getTime() + 6 * 3_600_000);
    await db.updateTable('push_subscriptions').set({ retry_at: at }).where('failures', '>', 0).execute();
    await db.updateTable('push_owed').set({ due_at: at }).execute();
    await stage.platform.transact(work => stage.backchannel.hide(work, conversation, seq));
    await sweepShown(db, now());
    expect((await arrives(phone, 2))[1]).toMatchObject({ kind: 'clear' });
    const waits = [{ due_at: at, sent_seq: 0 }];
    await vi.waitFor(async () => expect(await owed()).toMatchObject(waits), 5000);
    await sweepShown(db, now());
    expect(await owed()).toMatchObject(waits);
    stage.clock.now = at;
    service.answer(laptop.path, 201);
    await settled();
    expect([phone.pushes().length, laptop.pushes().length]).toEqual([2, 2]);
  });

  test('BC-31 BC-6 a service that never takes it away is given up, and the others are not told over and over', async () => {
    const { phone, seq } = await halfTold('rude');
    const { db, now } = stage.platform;
    await stage.platform.transact(work => stage.backchannel.hide(work, conversation, seq));
    pass(31);
    await vi.waitFor(async () => expect(await owed()).toMatchObject([{ sent_seq: 0, tries: 1 }]), 5000);
    await db.updateTable('push_owed').set({ tries: 8, due_at: now() }).execute();
    await settled();
    expect(phone.pushes()).toMatchObject([{ kind: 'message' }, { kind: 'clear' }]);
    const shown = db.selectFrom('push_shown').selectAll().where('account_id', '=', bob.id);
    expect(await shown.execute()).toEqual([]);
  });

  test('BC-31 read elsewhere while one device’s service is waited for, it is cleared from those that have it', async () => {
    const { phone, laptop, seq } = await halfTold('look');
    await bob.read(conversation, seq);
    await recover(laptop);
    expect(phone.pushes().slice(1)).toMatchObject([{ kind: 'clear' }]);
  });

  test('BC-31 what is written while one device’s service is waited for reaches the others at once', async () => {
    const { phone, laptop } = await halfTold('one');
    const { seq } = await ada.send(conversation, 'two');
    expect((await arrives(phone, 2))[1]).toMatchObject({ body: 'two', count: 2 });
    await vi.waitFor(async () => expect(await owed()).toMatchObject([{ sent_seq: seq }]), 5000);
    await recover(laptop);
    expect(laptop.pushes().slice(1)).toMatchObject([{ body: 'two' }]);
    expect(phone.pushes()).toHaveLength(2);
  });

  test('BC-31 BC-6 what takes the place of a hidden message comes without a sound, in quiet hours too, though a service is waited for', async () => {
    const browser = await subscribe(bob);
    stage.clock.now = new Date('2027-01-10T21:59:00Z');
    await choose(bob, { quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/London' } });
    await ada.send(conversation, 'kind');
    const rude = await ada.send(conversation, 'rude');
    await told();
    pass(60);
    service.answer(browser.path, 503, { 'retry-after': '30' });
    await stage.platform.transact(work => stage.backchannel.hide(work, conversation, rude.seq));
    await arrives(browser, 2);
    await vi.waitFor(async () => expect(await owed()).toMatchObject([{ sent_seq: 1 }]), 5000);
    await recover(browser);
    expect(browser.pushes().slice(2)).toMatchObject([{ body: 'kind', silent: true }]);
    const shown = stage.platform.db.selectFrom('push_shown').selectAll().where('account_id', '=', bob.id);
    expect(await shown.execute()).toMatchObject([{ seq: 1, gone: false }]);
  });

  test.each([
    ['http', 'http://fcm.example.org/x', 'url'],
    ['another port', 'https://fcm.example.org:8443/x', 'url'],
    ['a password', 'https://a:b@fcm.example.org/x', 'url'],
    ['no URL', 'nonsense', 'url'],
    ['loopback', 'https://127.0.0.1/x', 'address'],
    ['loopback, short', 'https://127.1/x', 'address'],
    ['metadata', 'https://169.254.169.254/latest', 'address'],
    ['mapped', 'https://[::ffff:10.0.0.1]/x', 'address'],
    ['localhost', 'https://localhost/x', 'address'],
    ['a name that is inside', 'https://inside.example.org/x', 'address'],
  ])('BC-31 an endpoint with %s is refused with its reason', async (_what, endpoint, reason) => {
    const { subscription } = service.browser();
    await expect(
      routes()['PUT /v1/me/push']({ body: { ...subscription, endpoint } }, bob.caller),
    ).rejects.toMatchObject({ code: 'push_endpoint_refused', details: { reason } });
  });

  test('BC-31 tabs that subscribe at the same moment, and people who share a browser, do not fail', async () => {
    const browser = service.browser();
    await Promise.all([ada, ada, ada, bob, bob, ada, bob, ada].map(person => subscribe(person, browser)));
    const rows = await stage.platform.db
      .selectFrom('push_subscriptions')
      .where('endpoint', '=', browser.subscription.endpoint)
      .select('account_id')
      .execute();
    expect(rows).toHaveLength(1);
  });

  test('BC-31 a key that is no point of the curve is refused', async () => {
    const { subscription } = service.browser();
    const p256dh = Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString('base64url');
    await expect(
      routes()['PUT /v1/me/push'](
        { body: { ...subscription, keys: { ...subscription.keys, p256dh } } },
        bob.caller,
      ),
    ).rejects.toMatchObject({ code: 'push_endpoint_refused', details: { reason: 'key' } });
  });

  test('BC-31 an endpoint that moved inside after it was taken is not asked, and goes', async () => {
    const browser = service.browser();
    await stage.platform.db
      .insertInto('push_subscriptions')
      .values({
        account_id: bob.id,
        session_id: bob.viewer.session,
        endpoint: 'https://inside.example.org/x',
        p256dh: browser.subscription.keys.p256dh,
        auth: browser.subscription.keys.auth,
        created_at: stage.platform.now(),
      })
      .execute();
    await ada.send(conversation, 'where are you?');
    await told();
    expect(await subscriptionsOf(bob)).toEqual([]);
  });
});
