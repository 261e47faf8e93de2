import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCaller } from '../calls/client.ts';
import { fileStorage } from '../node/file-storage.ts';
import { type DeviceStorage, memoryStorage } from '../storage/device.ts';
import { type BadServer, startBadServer } from '../test/bad-server.ts';
import { type FakeClock, fakeClock } from '../test/fake-clock.ts';
import { ANA, CHAT } from '../test/samples.ts';
import { soon } from '../test/soon.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { noTabs } from './tabs.ts';

let server: BadServer;
let storage: DeviceStorage;
let clock: FakeClock;
const open: Outbox[] = [];

beforeEach(async () => {
  server = await startBadServer();
  storage = memoryStorage();
  clock = fakeClock();
});
afterEach(async () => {
  for (const each of open.splice(0)) each.stop();
  await server.stop();
});

async function start(fetch?: typeof globalThis.fetch): Promise<Outbox> {
  const outbox = createOutbox({
    account: ANA,
    call: createCaller({ baseUrl: server.url, ...(fetch && { fetch }) }),
    storage,
    tabs: noTabs,
    clock,
    random: () => 0,
    wake: { subscribe: () => () => {} },
    onSettled: () => {},
    onOpened: () => {},
  });
  open.push(outbox);
  await outbox.start();
  return outbox;
}

const to = { conversation: CHAT };
const bytes = Uint8Array.from({ length: 150_000 }, (_, index) => (index * 7) % 256);
const picture = { kind: 'image', bytes, name: 'a.png' } as const;
const first = (outbox: Outbox) => outbox.items.getSnapshot()[0];
const messages = () => server.log.flatMap(entry => (entry.kind === 'message' ? [entry.message] : []));
const isEmpty = async () => {
  expect(await storage.keys(`files:${ANA}`)).toEqual([]);
  expect(await storage.keys(`outbox:${ANA}`)).toEqual([]);
};

describe('BC-30 files in the outbox', () => {
  test('go first, then their message, whole, and nothing is left on the device', async () => {
    const outbox = await start();
    const states = new Set<string>();
    outbox.items.subscribe(() => states.add(first(outbox)?.status.state ?? 'none'));
    outbox.add(to, { text: 'look', files: [picture, picture] });
    outbox.add(to, 'after');
    await soon(() => expect(messages().map(each => each.text)).toEqual(['look', 'after']));
    expect(messages()[0]?.attachments).toHaveLength(2);
    for (const { bytes: stored } of server.uploads.values()) expect(stored).toEqual(bytes);
    await soon(() => expect(outbox.items.getSnapshot()).toEqual([]));
    expect([...states]).toEqual(['waiting', 'uploading', 'sending', 'none']);
    await soon(isEmpty);
  });

  test('closing the program at any moment loses nothing and sends nothing twice', async () => {
    for (let moment = 1; ; moment += 1) {
      let calls = 0;
      let outbox: Outbox | null = null;
      /** The program ends when so many calls have been sent: some before their answer, some never made. */
      const cut: typeof fetch = async (input, init) => {
        calls += 1;
        if (calls > moment) throw new TypeError('the program is gone');
        const reply = await fetch(input, init);
        if (calls < moment) return reply;
        outbox?.stop();
        throw new TypeError('the program is gone');
      };
      outbox = await start(cut);
      outbox.add(to, { text: `look ${moment}`, files: [picture] });
      const isOver = () => calls >= moment || messages().length >= moment;
      await soon(() => expect(isOver()).toBe(true));
      const wasDone = calls < moment;
      outbox.stop();
      const again = await start();
      await soon(() => expect(messages()).toHaveLength(moment));
      await soon(() => expect(again.items.getSnapshot()).toEqual([]));
      expect(messages().at(-1)).toMatchObject({ text: `look ${moment}` });
      expect(messages().at(-1)?.attachments).toHaveLength(1);
      await soon(isEmpty);
      again.stop();
      if (wasDone) {
        expect(moment).toBeGreaterThan(5);
        break;
      }
    }
    expect(new Set(messages().map(each => each.clientId)).size).toBe(messages().length);
  }, 60_000);

  test('a large file holds up its own conversation, no other', async () => {
    server.mishaps.set('/bytes', [{ kind: 'hang' }]);
    const outbox = await start();
    outbox.add(to, { files: [picture] });
    await soon(() => expect(first(outbox)?.status).toMatchObject({ state: 'uploading', part: 0 }));
    outbox.add(to, 'behind it');
    outbox.add({ conversation: '01900000-0000-7000-8000-0000000000c9' }, 'elsewhere');
    await soon(() =>
      expect(outbox.items.getSnapshot()[2]?.status).toMatchObject({ state: 'failed', code: 'not_found' }),
    );
    expect(messages()).toEqual([]);
  });

  test('thrown away while it is uploaded, its upload is given up too', async () => {
    server.mishaps.set('/bytes', [{ kind: 'hang' }]);
    const outbox = await start();
    const item = outbox.add(to, { files: [picture] });
    await soon(() => expect(first(outbox)?.files[0]?.upload).toBeTypeOf('string'));
    await soon(() => expect(server.calls.some(call => call.endsWith('/bytes'))).toBe(true));
    expect(outbox.discard(item?.clientId ?? '')).toBe(true);
    expect(outbox.items.getSnapshot()).toEqual([]);
    await soon(() => expect(server.uploads.size).toBe(0));
    await soon(isEmpty);
    outbox.add(to, 'next');
    await soon(() => expect(messages().map(each => each.text)).toEqual(['next']));
  });

  test('what the server has lost is uploaded anew', async () => {
    const outbox = await start();
    server.mishaps.set('messages', [{ kind: 'dropBefore' }]);
    outbox.add(to, { text: 'look', files: [picture] });
    await soon(() => expect(first(outbox)?.status).toMatchObject({ state: 'waiting', last: 'offline' }));
    server.uploads.clear();
    await clock.pass(600);
    await soon(() => expect(messages()).toHaveLength(1));
    expect(messages()[0]?.attachments).toHaveLength(1);
  });

  test('BC-21 a refused file fails its message with the reason, and what was written comes back', async () => {
    server.mishaps.set('/finish', [
      { kind: 'status', status: 422, code: 'attachment_rejected', details: { reason: 'type' } },
    ]);
    const outbox = await start();
    const item = outbox.add(to, { text: 'look', files: [picture] });
    const failed = { state: 'failed', code: 'attachment_rejected', details: { reason: 'type' }, file: 0 };
    await soon(() => expect(first(outbox)?.status).toEqual(failed));
    const back = await outbox.takeBack(item?.clientId ?? '');
    expect(back).toMatchObject({ text: 'look', files: [{ kind: 'image', name: 'a.png' }] });
    const [file] = back?.files ?? [];
    expect(file?.bytes instanceof Blob && new Uint8Array(await file.bytes.arrayBuffer())).toEqual(bytes);
    await soon(isEmpty);
  });

  test('a file that the device has lost fails its message', async () => {
    server.mishaps.set(' /v1/uploads', [{ kind: 'dropBefore' }]);
    const outbox = await start();
    outbox.add(to, { files: [picture] });
    await soon(async () => expect(await storage.keys(`files:${ANA}`)).toHaveLength(1));
    await soon(async () => expect(await storage.keys(`outbox:${ANA}`)).toHaveLength(1));
    outbox.stop();
    await storage.clear(`files:${ANA}`);
    const again = await start();
    await soon(() =>
      expect(first(again)?.status).toMatchObject({ state: 'failed', code: 'file_unreadable' }),
    );
  });

  test('a bot’s folder keeps them as bytes, and another run sends them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-outbox-'));
    try {
      storage = fileStorage(folder);
      server.mishaps.set(' /v1/uploads', [{ kind: 'dropBefore' }]);
      const outbox = await start();
      const item = outbox.add(to, { files: [picture] });
      await soon(async () => expect(await storage.keys(`outbox:${ANA}`)).toEqual([item?.clientId]));
      expect((await storage.readFile(`files:${ANA}`, `${item?.clientId}.0`))?.size).toBe(bytes.byteLength);
      outbox.stop();
      await start();
      await soon(() => expect(messages()[0]?.attachments).toHaveLength(1));
      expect([...server.uploads.values()][0]?.bytes).toEqual(bytes);
      await soon(isEmpty);
      for (const each of open.splice(0)) each.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('BC-16 a limit of requests fails the message and says when it lifts; a slow talk is waited for', async () => {
  const details = { limit: 'day', max: 10, retryAfter: 7200 };
  server.mishaps.set('messages', [{ kind: 'status', status: 429, code: 'request_limit', details }]);
  const outbox = await start();
  const item = outbox.add(to, 'one');
  await soon(() =>
    expect(first(outbox)?.status).toEqual({ state: 'failed', code: 'request_limit', details, file: null }),
  );
  expect(outbox.discard(item?.clientId ?? '')).toBe(true);
  server.mishaps.set('messages', [
    { kind: 'status', status: 429, code: 'slow_mode', details: { retryAfter: 15 } },
  ]);
  outbox.add(to, 'two');
  await soon(() => expect(first(outbox)?.status).toMatchObject({ state: 'waiting', last: 'slow_mode' }));
  outbox.flush();
  await clock.pass(14_000);
  expect(messages()).toEqual([]);
  await clock.pass(1_000);
  await soon(() => expect(messages().map(each => each.text)).toEqual(['two']));
});
