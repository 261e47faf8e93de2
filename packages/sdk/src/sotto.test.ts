import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeSocket } from './node/socket.ts';
import { systemClock } from './ports.ts';
import { keepRoomOfTab, memoryTabStorage } from './rooms/device.ts';
import { createSotto, type Sotto } from './sotto.ts';
import { type DeviceStorage, memoryStorage } from './storage/device.ts';
import { until } from './stores/store.ts';
import { type BadServer, startBadServer } from './test/bad-server.ts';
import { ANA, BEN, CHAT, entryOf, ROOM } from './test/samples.ts';
import { soon } from './test/soon.ts';

let server: BadServer;
let storage: DeviceStorage;
const running: Sotto[] = [];

async function start(tab = memoryTabStorage()): Promise<Sotto> {
  const sotto = createSotto({
    baseUrl: server.url,
    token: 't',
    storage,
    tab,
    openSocket: nodeSocket(),
  });
  running.push(sotto);
  await sotto.start();
  return sotto;
}

const connected = (sotto: Sotto) => until(sotto.connection, now => now.state === 'open');

async function open(sotto: Sotto) {
  const chat = sotto.conversations.get(CHAT);
  chat.open();
  await until(chat, view => view.state === 'ready' && view.conversation !== null);
  return chat;
}

const shown = (chat: Awaited<ReturnType<typeof open>>) => {
  const { entries, pending } = chat.getSnapshot();
  return [
    ...entries.map(entry => (entry.kind === 'message' ? entry.message.text : entry.kind)),
    ...pending.map(each => `(${each.text})`),
  ];
};

beforeEach(async () => {
  server = await startBadServer();
  storage = memoryStorage();
});
afterEach(async () => {
  for (const sotto of running.splice(0)) sotto.stop();
  await server.stop();
});

describe('a conversation', () => {
  test('RT-5 a lost event is found when the next one comes', async () => {
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    server.publish = false;
    server.write('one');
    server.publish = true;
    server.write('two');
    await soon(() => expect(shown(chat)).toEqual(['one', 'two']));
    await soon(() => expect(chat.getSnapshot().conversation).toMatchObject({ head: 2, unread: 2 }));
    expect(sotto.inbox.getSnapshot()).toMatchObject({ unreadConversations: 1, unreadMessages: 2 });
  });

  test('RT-5 a lost last event is found by the heads', async () => {
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    server.publish = false;
    server.write('one');
    server.push({ type: 'heads', heads: [{ conversation: CHAT, head: 1, readSeq: 0 }] });
    await soon(() => expect(shown(chat)).toEqual(['one']));
    await soon(() => expect(sotto.inbox.getSnapshot().unreadMessages).toBe(1));
  });

  test('RT-5 BC-2 who was taken out and came back without hearing of it goes on where they came back', async () => {
    const sotto = await start();
    await connected(sotto);
    server.write('one');
    const chat = await open(sotto);
    await soon(() => expect(shown(chat)).toEqual(['one']));
    server.publish = false;
    server.write('not for them');
    server.write('nor is this');
    server.firstSeq = 4;
    server.publish = true;
    server.write('back again');
    await soon(() => expect(shown(chat)).toEqual(['back again']));
    server.write('and on');
    await soon(() => expect(shown(chat)).toEqual(['back again', 'and on']));
    expect(server.calls.filter(call => call.endsWith('/log'))).toHaveLength(2);
  });

  test('RT-6 what was missed while away is there after the connection is', async () => {
    const sotto = await start();
    await connected(sotto);
    server.write('one');
    const chat = await open(sotto);
    await soon(() => expect(shown(chat)).toEqual(['one']));
    server.closeSockets(1012);
    await until(sotto.connection, now => now.state === 'waiting');
    server.write('two');
    server.write('three');
    await soon(() => expect(shown(chat)).toEqual(['one', 'two', 'three']));
    await soon(() => expect(sotto.inbox.getSnapshot().unreadMessages).toBe(3));
  });

  test('RT-3 what one writes comes last until it is in the log, then once, whichever of reply and event is first', async () => {
    server.publish = false;
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    const seen: string[][] = [];
    chat.subscribe(() => seen.push(shown(chat)));
    server.write('theirs');
    chat.send('mine');
    await soon(() => expect(shown(chat)).toEqual(['theirs', 'mine']));
    for (const snapshot of seen) {
      const mine = snapshot.filter(text => text.includes('mine'));
      expect(mine).toHaveLength(1);
    }
    server.publish = true;
    chat.send('again');
    await soon(() => expect(shown(chat)).toEqual(['theirs', 'mine', 'again']));
    for (const snapshot of seen)
      expect(snapshot.filter(text => text.includes('again')).length).toBeLessThan(2);
  });

  test('BC-30 the same message is not shown twice when its reply was lost', async () => {
    server.mishaps.set('messages', [{ kind: 'dropAfter' }]);
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    chat.send('mine');
    await soon(() => expect(shown(chat)).toEqual(['mine']));
    await soon(() => expect(sotto.outbox.items.getSnapshot()).toEqual([]));
    expect(shown(chat)).toEqual(['mine']);
    expect(server.log).toHaveLength(1);
  });

  test('older pages are loaded on demand', async () => {
    server.log.push(...Array.from({ length: 120 }, (_, index) => entryOf(index + 1, BEN)));
    const sotto = await start();
    const chat = await open(sotto);
    expect(chat.getSnapshot().entries).toHaveLength(50);
    await Promise.all([chat.loadOlder(), chat.loadOlder()]);
    expect(chat.getSnapshot().entries).toHaveLength(100);
    await chat.loadOlder();
    expect(chat.getSnapshot()).toMatchObject({ hasOlder: false });
    expect(chat.getSnapshot().entries.map(entry => entry.seq)).toEqual(server.log.map(entry => entry.seq));
    await chat.loadOlder();
  });

  test('BC-8 reading is told to the server, and shown at once', async () => {
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    server.write('one');
    await soon(() => expect(sotto.inbox.getSnapshot().unreadMessages).toBe(1));
    chat.markRead();
    expect(sotto.inbox.getSnapshot().unreadMessages).toBe(0);
    await soon(() => expect(server.readSeq).toBe(1));
    expect(server.frames.filter(frame => frame.type === 'read')).toHaveLength(1);
  });

  test('BC-8 without a socket reading goes by a call, and a lost mark is said again', async () => {
    server.log.push(entryOf(1, BEN));
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    server.mishaps.set('/read', [{ kind: 'dropBefore' }]);
    server.mishaps.set(
      'tickets',
      Array.from({ length: 2 }, () => ({ kind: 'dropBefore' }) as const),
    );
    server.closeSockets(1012);
    await until(sotto.connection, now => now.state === 'waiting');
    chat.markRead();
    await soon(() => expect(server.calls).toContain(`PUT /v1/conversations/${CHAT}/read`));
    await soon(() => expect(server.readSeq).toBe(1));
  });

  test('BC-8 what was just read is said before it is marked unread, and not after', async () => {
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    server.write('one');
    await until(sotto.inbox, view => view.unreadMessages === 1);
    chat.markRead();
    await sotto.inbox.setPlace(CHAT, { markedUnread: true }).catch(() => {});
    expect(server.calls.filter(each => /^(PUT|PATCH) /.test(each))).toEqual([
      `PUT /v1/conversations/${CHAT}/read`,
      `PATCH /v1/conversations/${CHAT}`,
    ]);
    expect(server.readSeq).toBe(1);
    // The next mark is the next frame: none of the first is to come any more.
    server.write('two');
    await until(sotto.inbox, view => view.unreadMessages === 1);
    chat.markRead();
    await soon(() => expect(server.readSeq).toBe(2));
    expect(server.frames.filter(frame => frame.type === 'read')).toEqual([
      { type: 'read', conversation: CHAT, seq: 2 },
    ]);
  });

  test('BC-8 the inbox is there before the socket', async () => {
    server.write('one');
    server.mishaps.set('tickets', [{ kind: 'hang' }]);
    const sotto = await start();
    await until(sotto.inbox, view => view.state === 'ready' && view.unreadMessages === 1);
    expect(sotto.connection.getSnapshot().state).toBe('connecting');
  });

  test('BC-8 what was read elsewhere is not new, though the row this device kept says so', async () => {
    for (const text of ['one', 'two', 'three']) server.write(text);
    const before = await start();
    await open(before);
    await until(before.inbox, view => view.unreadMessages === 3);
    before.stop();
    await soon(async () =>
      expect(await storage.keys(`cache:${ANA}`)).toEqual(expect.arrayContaining(['inbox', `log:${CHAT}`])),
    );
    server.readSeq = 3;
    server.mishaps.set('GET /v1/conversations', [{ kind: 'dropBefore' }]);
    const after = await start();
    const chat = after.conversations.get(CHAT);
    chat.open();
    expect(chat.getSnapshot()).toMatchObject({ firstUnreadSeq: 1, settled: false });
    await until(chat, view => view.settled);
    expect(chat.getSnapshot().firstUnreadSeq).toBeNull();
  });

  test('BC-8 what this device has read since it opened a thread does not move where the new begins', async () => {
    for (const text of ['one', 'two', 'three']) server.write(text);
    const sotto = await start();
    await connected(sotto);
    await until(sotto.inbox, view => view.unreadMessages === 3);
    server.mishaps.set('/log', [{ kind: 'dropBefore' }]);
    const chat = sotto.conversations.get(CHAT);
    chat.open();
    await until(chat, view => view.error !== null);
    // The server cannot be asked: what the device knows counts, and what is seen is read.
    expect(chat.getSnapshot()).toMatchObject({ firstUnreadSeq: 1, settled: true });
    chat.markRead(2);
    await soon(() => expect(server.readSeq).toBe(2));
    server.closeSockets(1012);
    await until(chat, view => view.state === 'ready' && view.error === null);
    expect(chat.getSnapshot()).toMatchObject({ firstUnreadSeq: 1, settled: true });
  });

  test('BC-8 what is new may begin further back than the newest page', async () => {
    for (let seq = 1; seq <= 120; seq += 1) server.log.push(entryOf(seq, BEN));
    server.readSeq = 10;
    const sotto = await start();
    const chat = await open(sotto);
    await until(chat, view => view.settled);
    expect(chat.getSnapshot()).toMatchObject({ firstUnreadSeq: 11, unreadAbove: true });
    await chat.jumpTo({ seq: 11 });
    expect(chat.getSnapshot()).toMatchObject({ firstUnreadSeq: 11, unreadAbove: false, hasNewer: true });
  });

  test('BC-8 opening a conversation asks for it once, however long the answer takes', async () => {
    const asked: string[] = [];
    const held = Promise.withResolvers<void>();
    let repairs = 0;
    const sotto = createSotto({
      baseUrl: server.url,
      token: 't',
      storage,
      tab: memoryTabStorage(),
      openSocket: nodeSocket(),
      // A repair that waits for 200 ms begins at once.
      clock: {
        ...systemClock,
        after: (ms, work) =>
          systemClock.after(ms === 200 ? 0 : ms, () => {
            work();
            if (ms === 200) repairs += 1;
          }),
      },
      fetch: async (input, init) => {
        const { pathname } = new URL(String(input));
        if (/^\/v1\/conversations(\/[^/]+)?$/.test(pathname)) {
          asked.push(pathname);
          await held.promise;
        }
        return fetch(input, init);
      },
    });
    running.push(sotto);
    await sotto.start();
    const chat = sotto.conversations.get(CHAT);
    chat.open();
    await soon(() => expect(repairs).toBeGreaterThan(0));
    await soon(() => expect(asked).toContain(`/v1/conversations/${CHAT}`));
    held.resolve();
    await until(chat, view => view.state === 'ready' && view.conversation !== null);
    expect(asked.filter(path => path.endsWith(CHAT))).toHaveLength(1);
  });

  test('typing is told at most every 3 s', async () => {
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    for (let count = 0; count < 5; count += 1) chat.typing();
    chat.send('end');
    await soon(() => expect(server.log).toHaveLength(1));
    expect(server.frames.filter(frame => frame.type === 'typing')).toHaveLength(1);
    server.push({ type: 'typing', conversation: CHAT, account: BEN });
    await soon(() => expect(chat.getSnapshot().typing).toEqual([BEN]));
    server.write('done');
    await soon(() => expect(chat.getSnapshot().typing).toEqual([]));
  });
});

describe('the inbox', () => {
  test('a conversation that begins elsewhere comes in by its event', async () => {
    const sotto = await start();
    await connected(sotto);
    await until(sotto.inbox, view => view.state === 'ready');
    expect(sotto.inbox.getSnapshot().conversations).toEqual([]);
    server.write('hello');
    await soon(() => expect(sotto.inbox.getSnapshot().conversations).toHaveLength(1));
    expect(sotto.inbox.getSnapshot().unreadConversations).toBe(1);
    expect(sotto.conversations.findDirect(BEN)?.id).toBe(CHAT);
  });
});

describe('without a network', () => {
  test('opens to the last state of the device, keeps what is written, and sends it later', async () => {
    server.write('one');
    const before = await start();
    await connected(before);
    const first = await open(before);
    await soon(() => expect(shown(first)).toEqual(['one']));
    await until(before.inbox, view => view.state === 'ready');
    before.stop();
    await soon(async () =>
      expect(await storage.keys(`cache:${ANA}`)).toEqual(expect.arrayContaining(['inbox', `log:${CHAT}`])),
    );

    const offline = Array.from({ length: 100 }, () => ({ kind: 'dropBefore' }) as const);
    server.mishaps.set(' /', offline);
    const after = await start();
    expect(after.session.state.getSnapshot()).toMatchObject({ state: 'signedIn', confirmed: false });
    expect(after.inbox.getSnapshot().conversations.map(each => each.id)).toEqual([CHAT]);
    const chat = after.conversations.get(CHAT);
    chat.open();
    await soon(() => expect(shown(chat)).toEqual(['one']));
    chat.send('two');
    expect(shown(chat)).toEqual(['one', '(two)']);

    offline.length = 0;
    await soon(() => expect(shown(chat)).toEqual(['one', 'two']));
    await until(after.session.state, now => now.state === 'signedIn' && now.confirmed);
  });

  test('BC-30 looked at while its storage is still being opened, it keeps on the device all the same', async () => {
    const device = Promise.withResolvers<DeviceStorage>();
    const signs = new Set<(sign: 'visible') => void>();
    const sotto = createSotto({
      baseUrl: server.url,
      token: 't',
      storage: device.promise,
      tab: memoryTabStorage(),
      openSocket: nodeSocket(),
      wake: {
        subscribe(listener) {
          signs.add(listener);
          return () => signs.delete(listener);
        },
      },
    });
    running.push(sotto);
    const started = sotto.start();
    for (const sign of signs) sign('visible');
    // Time enough for whoever asks at once to have their answer.
    for (let round = 0; round < 3; round++) await sotto.call('GET /v1/me');
    device.resolve(storage);
    await started;
    await connected(sotto);
    const chat = await open(sotto);
    server.mishaps.set('/messages', [{ kind: 'hang' }]);
    chat.send('two');
    await soon(async () => expect(await storage.keys(`outbox:${ANA}`)).toHaveLength(1));
  });

  test('RO-5 a tab that was reloaded goes back to its room once the network is there', async () => {
    const tab = memoryTabStorage();
    keepRoomOfTab(tab, ROOM);
    server.mishaps.set('GET /v1/me', [{ kind: 'dropBefore' }]);
    await start(tab);
    expect(server.calls).not.toContain(`POST /v1/rooms/${ROOM}/enter`);
    await soon(() => expect(server.calls).toContain(`POST /v1/rooms/${ROOM}/enter`));
  });

  test('a device that knows nobody says that it does not know yet', async () => {
    const offline = Array.from({ length: 100 }, () => ({ kind: 'dropBefore' }) as const);
    server.mishaps.set(' /', offline);
    const sotto = await start();
    expect(sotto.session.state.getSnapshot()).toEqual({ state: 'unknown', error: 'offline' });
    expect(() => sotto.inbox).toThrow('not_signed_in');
    offline.length = 0;
    await until(sotto.session.state, now => now.state === 'signedIn');
  });
});

describe('signing out', () => {
  test('forgets all that belongs to the account', async () => {
    server.write('one');
    const sotto = await start();
    await connected(sotto);
    await open(sotto);
    await sotto.session.signOut();
    expect(sotto.session.state.getSnapshot()).toEqual({ state: 'signedOut', reason: 'signedOut' });
    expect(sotto.connection.getSnapshot().state).toBe('off');
    for (const area of [`cache:${ANA}`, `outbox:${ANA}`, 'device'])
      expect(await storage.list(area)).toEqual([]);
    await soon(() => expect(server.sockets.size).toBe(0));
  });

  test('RT-9 a session that another device ended ends here, and keeps what was not sent', async () => {
    const sotto = await start();
    await connected(sotto);
    const chat = await open(sotto);
    server.mishaps.set('messages', [{ kind: 'status', status: 503, code: 'unavailable' }]);
    chat.send('kept');
    await soon(async () => expect(await storage.list(`outbox:${ANA}`)).toHaveLength(1));
    server.signedIn = false;
    server.closeSockets(4401);
    await until(sotto.session.state, now => now.state === 'signedOut');
    expect(sotto.session.state.getSnapshot()).toEqual({ state: 'signedOut', reason: 'ended' });
    expect(await storage.list(`outbox:${ANA}`)).toHaveLength(1);
  });
});
