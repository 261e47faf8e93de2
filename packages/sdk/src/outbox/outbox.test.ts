import { MessageText } from '@sotto/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCaller } from '../calls/client.ts';
import { type DeviceStorage, memoryStorage } from '../storage/device.ts';
import { type BadServer, startBadServer } from '../test/bad-server.ts';
import { type FakeClock, fakeClock } from '../test/fake-clock.ts';
import { ANA, BEN, CHAT } from '../test/samples.ts';
import { soon } from '../test/soon.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { noTabs, type Tabs, type TabWord } from './tabs.ts';
import { normaliseText } from './text.ts';
import type { Settled } from './types.ts';

let server: BadServer;
let storage: DeviceStorage;
let clock: FakeClock;
let settled: Settled[];
const open: Outbox[] = [];

beforeEach(async () => {
  server = await startBadServer();
  storage = memoryStorage();
  clock = fakeClock();
  settled = [];
});
afterEach(async () => {
  for (const each of open.splice(0)) each.stop();
  await server.stop();
});

async function start(tabs: Tabs = noTabs): Promise<Outbox> {
  const outbox = createOutbox({
    account: ANA,
    // Real time for the network, the fake for waiting.
    call: createCaller({ baseUrl: server.url }),
    storage,
    tabs,
    clock,
    random: () => 0,
    wake: { subscribe: () => () => {} },
    onSettled: each => settled.push(each),
    onOpened: () => {},
  });
  open.push(outbox);
  await outbox.start();
  return outbox;
}

const texts = () => server.log.map(entry => (entry.kind === 'message' ? entry.message.text : entry.kind));
const to = { conversation: CHAT };
const states = (outbox: Outbox) => outbox.items.getSnapshot().map(item => item.status);

describe('BC-30 the outbox', () => {
  test('sends in the order of writing, one after the other, and is empty then', async () => {
    const outbox = await start();
    for (const text of ['one', 'two', 'three']) outbox.add(to, text);
    await soon(() => expect(texts()).toEqual(['one', 'two', 'three']));
    await soon(() => expect(outbox.items.getSnapshot()).toEqual([]));
    expect(settled.map(each => each.entry.seq)).toEqual([1, 2, 3]);
    expect(await storage.list(`outbox:${ANA}`)).toEqual([]);
  });

  test('RT-2 a reply lost after the commit: sent again, stored once', async () => {
    server.mishaps.set('messages', [{ kind: 'dropAfter' }, { kind: 'dropAfter' }]);
    const outbox = await start();
    outbox.add(to, 'one');
    outbox.add(to, 'two');
    for (const attempts of [1, 2]) {
      await soon(() =>
        expect(outbox.items.getSnapshot()[0]).toMatchObject({ attempts, status: { state: 'waiting' } }),
      );
      await clock.pass(600);
    }
    await soon(() => expect(texts()).toEqual(['one', 'two']));
    await soon(() => expect(outbox.items.getSnapshot()).toEqual([]));
    expect(server.calls.filter(call => call.includes('messages'))).toHaveLength(4);
  });

  test.each([
    ['503', { kind: 'status', status: 503, code: 'unavailable' }, 'unavailable'],
    ['a page of a hotel’s network', { kind: 'html' }, 'bad_reply'],
    ['no network', { kind: 'dropBefore' }, 'offline'],
  ] as const)('%s: the message waits, those behind it too, and go in order', async (_, mishap, last) => {
    server.mishaps.set('messages', [mishap]);
    const outbox = await start();
    outbox.add(to, 'one');
    await soon(() => expect(states(outbox)[0]).toMatchObject({ state: 'waiting', last }));
    outbox.add(to, 'two');
    await clock.pass(400);
    expect(texts()).toEqual([]);
    await clock.pass(200);
    await soon(() => expect(texts()).toEqual(['one', 'two']));
  });

  test('rate_limited waits as long as the server says, whatever wakes it', async () => {
    const mishap = {
      kind: 'status',
      status: 429,
      code: 'rate_limited',
      details: { retryAfter: 20 },
    } as const;
    server.mishaps.set('messages', [mishap]);
    const outbox = await start();
    outbox.add(to, 'one');
    await soon(() => expect(states(outbox)[0]).toMatchObject({ last: 'rate_limited' }));
    outbox.flush();
    await clock.pass(19_000);
    expect(texts()).toEqual([]);
    await clock.pass(1_000);
    await soon(() => expect(texts()).toEqual(['one']));
  });

  test('a refusal fails the message, not those behind it; it can be retried or thrown away', async () => {
    const mishap = { kind: 'status', status: 403, code: 'cannot_message' } as const;
    server.mishaps.set('messages', [mishap]);
    const outbox = await start();
    const one = outbox.add(to, 'one');
    outbox.add(to, 'two');
    await soon(() => expect(texts()).toEqual(['two']));
    await soon(() => expect(states(outbox)).toMatchObject([{ state: 'failed', code: 'cannot_message' }]));
    server.mishaps.set('messages', [mishap]);
    outbox.retry(one?.clientId ?? '');
    await soon(() => expect(outbox.items.getSnapshot()[0]).toMatchObject({ attempts: 2 }));
    await soon(() => expect(states(outbox)[0]).toMatchObject({ state: 'failed' }));
    expect(outbox.discard(one?.clientId ?? '')).toBe(true);
    await soon(async () => expect(await storage.list(`outbox:${ANA}`)).toEqual([]));
  });

  test('one that was tried cannot be thrown away: it may have arrived', async () => {
    server.mishaps.set('messages', [{ kind: 'dropAfter' }]);
    const outbox = await start();
    const one = outbox.add(to, 'one');
    await soon(() => expect(states(outbox)[0]).toMatchObject({ state: 'waiting', last: 'offline' }));
    expect(outbox.discard(one?.clientId ?? '')).toBe(false);
  });

  test('goes once, in order, also after the program was closed', async () => {
    server.mishaps.set('messages', [{ kind: 'dropAfter' }]);
    const before = await start();
    before.add(to, 'one');
    before.add(to, 'two');
    await soon(() => expect(states(before)[0]).toMatchObject({ last: 'offline' }));
    await soon(async () => expect(await storage.list(`outbox:${ANA}`)).toHaveLength(2));
    before.stop();
    const after = await start();
    after.flush();
    await soon(() => expect(texts()).toEqual(['one', 'two']));
    await soon(() => expect(after.items.getSnapshot()).toEqual([]));
  });

  test('addressed to a person: the conversation is opened first, then all goes in order', async () => {
    server.mishaps.set('direct', [{ kind: 'dropBefore' }]);
    const outbox = await start();
    outbox.add({ person: BEN }, 'one');
    await soon(() => expect(states(outbox)[0]).toMatchObject({ last: 'offline' }));
    outbox.add({ person: BEN }, 'two');
    await clock.pass(1_000);
    await soon(() => expect(texts()).toEqual(['one', 'two']));
  });

  test('a device that cannot store (a full disk) sends all the same', async () => {
    storage = { ...memoryStorage(), write: () => Promise.reject(new Error('full')) };
    const outbox = await start();
    outbox.add(to, 'one');
    await soon(() => expect(texts()).toEqual(['one']));
    await soon(() => expect(outbox.items.getSnapshot()).toEqual([]));
  });

  test('signing out leaves nothing on the device', async () => {
    server.mishaps.set('messages', [{ kind: 'dropBefore' }]);
    const outbox = await start();
    outbox.add(to, 'one');
    await soon(() => expect(states(outbox)[0]).toMatchObject({ last: 'offline' }));
    await outbox.clear();
    await clock.pass(60_000);
    expect(await storage.list(`outbox:${ANA}`)).toEqual([]);
    expect(texts()).toEqual([]);
  });

  test('two tabs: each message goes once, and both see it settle', async () => {
    const ears = new Set<(word: TabWord) => void>();
    let chain: Promise<void> = Promise.resolve();
    const tab = (): Tabs => {
      let mine: (word: TabWord) => void = () => {};
      return {
        alone(work) {
          chain = chain.then(work);
          return chain;
        },
        tell(word) {
          for (const ear of ears) if (ear !== mine) ear(word);
        },
        listen(listener) {
          mine = listener;
          ears.add(listener);
          return () => ears.delete(listener);
        },
      };
    };
    const [one, two] = [await start(tab()), await start(tab())];
    for (let count = 0; count < 5; count += 1) {
      one.add(to, `one ${count}`);
      two.add(to, `two ${count}`);
    }
    await soon(() => expect(server.log).toHaveLength(10));
    await soon(() => expect([one.items.getSnapshot(), two.items.getSnapshot()]).toEqual([[], []]));
    expect(server.calls.filter(call => call.includes('messages'))).toHaveLength(10);
    expect(texts().filter(text => text.startsWith('one'))).toEqual([0, 1, 2, 3, 4].map(n => `one ${n}`));
    expect(new Set(settled.map(each => each.clientId)).size).toBe(10);
  });
});

const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xa0 }), fc.integer({ min: 0x2000, max: 0x2070 })), {
    maxLength: 30,
  })
  .map(codes => String.fromCodePoint(...codes));

test('BC-5 the device stores a text as the server will', () => {
  fc.assert(
    fc.property(anyText, text => {
      const here = normaliseText(text);
      const there = MessageText.safeParse(text);
      expect(there.success ? there.data : '').toBe(here);
    }),
    { numRuns: 200 },
  );
  expect(normaliseText(' a\r\nb\u0000c ')).toBe('a\nbc');
});
