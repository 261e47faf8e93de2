import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bus, BusMessage } from '../../platform/bus/index.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { createMailer } from '../../platform/mail/index.ts';
import { createSmsSender } from '../../platform/sms/index.ts';
import { createAccounts } from './index.ts';
import { type AccountsBench, accountsBench, type TestPerson } from './test/bench.ts';
import { createViewerCache } from './viewer-cache.ts';

let bench: AccountsBench;
let ada: TestPerson;
let grace: TestPerson;
beforeAll(async () => {
  bench = await accountsBench();
  ada = await bench.person('ada');
  grace = await bench.person('grace');
});
afterAll(() => bench.close());

const DAY = 24 * 60 * 60_000;
const list = async (token: string) => (await bench.call('GET /v1/me/sessions', {}, { token })).body.sessions;
const end = (token: string, session: string) =>
  bench.call('DELETE /v1/me/sessions/:session', { params: { session } }, { token });
const ended = () =>
  bench.platform.heard.flatMap(each => (each.kind === 'sessionsEnded' ? each.sessions : []));

describe('PE-1: sessions', () => {
  test('PE-1 sessions are listed with what the client called itself, the current one marked', async () => {
    await bench.call('POST /v1/sign-in/codes', { body: { address: 'ada@people.test' } });
    const { body } = await bench.call(
      'POST /v1/sign-in',
      { body: { address: 'ada@people.test', code: bench.codeFor('ada@people.test'), transport: 'token' } },
      { headers: { 'user-agent': `Phone/1 ${'x'.repeat(300)}` } },
    );
    const token = body.token ?? '';
    const sessions = await list(token);
    expect(sessions).toHaveLength(2);
    expect(sessions.filter(session => session.current)).toHaveLength(1);
    expect(sessions.find(session => session.current)?.client).toMatch(/^Phone\/1 x+$/);
    for (const session of sessions) expect(session.client.length).toBeLessThanOrEqual(200);
  });

  test('PE-1 a session can be ended from another one: its token is worth nothing at once, and nodes are told', async () => {
    const { token } = await bench.signIn('ada@people.test');
    const session = (await list(token)).find(each => each.current)?.id ?? '';
    expect((await end(ada.token, session)).status).toBe(204);
    expect((await bench.call('GET /v1/me', {}, { token })).error.code).toBe('not_signed_in');
    expect(ended()).toContain(session);
    expect(await bench.accounts.authenticate(token)).toBeNull();
    expect((await end(ada.token, session)).error.code).toBe('not_found');
  });

  test('PE-1 another’s session is as absent as one that never was', async () => {
    const hers = await end(ada.token, grace.viewer.session);
    const never = await end(ada.token, uuidv7());
    expect([hers.status, hers.error.code, hers.error.details]).toEqual([
      never.status,
      never.error.code,
      never.error.details,
    ]);
    expect(hers.status).toBe(404);
    expect(await bench.accounts.authenticate(grace.token)).not.toBeNull();
  });

  test('PE-1 sign out everywhere but here', async () => {
    const others = [await bench.signIn('grace@people.test'), await bench.signIn('grace@people.test')];
    const { body } = await bench.call('DELETE /v1/me/sessions', {}, { token: grace.token });
    expect(body.ended).toBe(2);
    for (const { token } of others) expect(await bench.accounts.authenticate(token)).toBeNull();
    expect(await bench.accounts.authenticate(grace.token)).not.toBeNull();
    expect(await bench.accounts.authenticate(ada.token)).not.toBeNull();
  });

  test('PE-1 signing out ends this session and clears the cookie', async () => {
    const { token } = await bench.signIn('grace@people.test');
    const session = (await list(token)).find(each => each.current)?.id ?? '';
    const answer = await bench.call('POST /v1/sign-out', {}, { headers: { cookie: `sotto=${token}` } });
    expect(answer.status).toBe(204);
    expect(String(answer.headers['set-cookie'])).toMatch(/^sotto=;/);
    expect(ended()).toContain(session);
    expect(await bench.accounts.authenticate(token)).toBeNull();
  });

  test('RT-9 asked again, only sessions that are not over are named', async () => {
    const { token, id } = await bench.signIn('ada@people.test');
    const viewer = await bench.accounts.authenticate(token);
    expect(viewer?.account).toBe(id);
    const session = viewer?.session ?? '';
    expect(await bench.accounts.sessionAlive([session, uuidv7()])).toEqual(new Set([session]));
    await end(ada.token, session);
    expect(await bench.accounts.sessionAlive([session])).toEqual(new Set());
    expect(await bench.accounts.sessionAlive([])).toEqual(new Set());
  });

  test('PE-1 when a session was last used is written once a minute', async () => {
    const { token } = await bench.signIn('seen@people.test');
    const seen = async () => {
      await bench.accounts.authenticate(token);
      return (await list(token)).find(each => each.current)?.lastSeenAt ?? '';
    };
    const first = await seen();
    bench.platform.pass(50_000);
    expect(await seen()).toBe(first);
    bench.platform.pass(31_000);
    expect(Date.parse(await seen()) - Date.parse(first)).toBeGreaterThanOrEqual(61_000);
  });

  test('PE-1 a session that was not used for 180 days is over', async () => {
    const { token } = await bench.signIn('long@people.test');
    bench.platform.pass(179 * DAY);
    const viewer = await bench.accounts.authenticate(token);
    expect(viewer).not.toBeNull();
    bench.platform.pass(180 * DAY + 1000);
    expect(await bench.accounts.authenticate(token)).toBeNull();
    expect(await bench.accounts.sessionAlive([viewer?.session ?? ''])).toEqual(new Set());
    await bench.accounts.sweep();
    expect(ended()).toContain(viewer?.session);
  });
});

describe('RT-9: what a node remembers of a session', () => {
  const twoNodes = async (heard: (message: BusMessage) => boolean) => {
    const { platform } = bench;
    const deps = { mailer: createMailer(undefined), smsSender: createSmsSender(undefined) };
    const bus: Bus = {
      ...platform.bus,
      subscribe: listener =>
        platform.bus.subscribe((message, origin) => void (heard(message) && listener(message, origin))),
    };
    const other = createAccounts({ ...platform, bus }, deps);
    const { token, viewer } = await bench.person(`node${platform.now().getTime()}`);
    expect(await other.authenticate(token)).toEqual(viewer);
    return { other, token, viewer };
  };

  test('RT-9 a session that ends on one node is over on the other', async () => {
    const { other, token } = await twoNodes(() => true);
    await bench.call('POST /v1/sign-out', {}, { token });
    expect(await other.authenticate(token)).toBeNull();
    other.close();
  });

  test('RT-9 should the bus lose the word, it is over within 60 s', async () => {
    const { other, token } = await twoNodes(() => false);
    await bench.call('POST /v1/sign-out', {}, { token });
    bench.platform.pass(60_000);
    expect(await other.authenticate(token)).toBeNull();
    other.close();
  });

  test('RT-9 a session that ends while a node asks for it is not remembered', async () => {
    const { platform } = bench;
    const cache = createViewerCache(platform);
    const { viewer } = await bench.person('between');
    const loaded = await cache.load('key', async () => {
      platform.bus.publish({ kind: 'sessionsEnded', sessions: [viewer.session] });
      return viewer;
    });
    expect(loaded).toEqual(viewer);
    expect(cache.get('key')).toBeUndefined();
    await cache.load('key', async () => viewer);
    expect(cache.get('key')).toEqual(viewer);
    cache.close();
  });

  test('RT-9 what is remembered has a bound', async () => {
    const cache = createViewerCache(bench.platform);
    const { viewer } = ada;
    for (let index = 0; index <= 10_000; index += 1) await cache.load(`key${index}`, async () => viewer);
    expect([cache.get('key0'), cache.get('key1'), cache.get('key10000')]).toEqual([
      undefined,
      viewer,
      viewer,
    ]);
    cache.close();
  });

  test('PE-4 a profile that is made on one node opens its calls on the other', async () => {
    const { platform } = bench;
    const deps = { mailer: createMailer(undefined), smsSender: createSmsSender(undefined) };
    const other = createAccounts(platform, deps);
    const { token } = await bench.signIn('unmade@people.test');
    expect((await other.authenticate(token))?.complete).toBe(false);
    await bench.call('PATCH /v1/me', { body: { handle: 'unmade', name: 'Made' } }, { token });
    expect((await other.authenticate(token))?.complete).toBe(true);
    other.close();
  });
});

describe('RT-8: socket tickets', () => {
  const ticketFor = async (token: string): Promise<string> =>
    (await bench.call('POST /v1/socket-tickets', {}, { token })).body.ticket;

  test('RT-8 a ticket names its session, once', async () => {
    const person = await bench.person('ticket');
    const ticket = await ticketFor(person.token);
    expect(ticket).toMatch(/^[\w-]{43}$/);
    const answers = await Promise.all([1, 2, 3, 4].map(() => bench.accounts.redeemTicket(ticket)));
    expect(answers.filter(answer => answer !== null)).toEqual([person.viewer]);
    expect(await bench.accounts.redeemTicket(ticket)).toBeNull();
    expect(await bench.accounts.redeemTicket('nonsense')).toBeNull();
  });

  test('RT-8 a ticket lasts 30 s', async () => {
    const person = await bench.person('slow');
    const [early, late] = [await ticketFor(person.token), await ticketFor(person.token)];
    bench.platform.pass(28_000);
    expect(await bench.accounts.redeemTicket(early)).toEqual(person.viewer);
    bench.platform.pass(2001);
    expect(await bench.accounts.redeemTicket(late)).toBeNull();
  });

  test('RT-8 a ticket dies with its session', async () => {
    const { token } = await bench.signIn('dying@people.test');
    const ticket = await ticketFor(token);
    await bench.call('POST /v1/sign-out', {}, { token });
    expect(await bench.accounts.redeemTicket(ticket)).toBeNull();
  });
});
