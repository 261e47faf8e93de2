import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UPLOAD_CHUNK_BYTES_MAX, UPLOAD_CHUNK_BYTES_MIN } from '@sotto/protocol/limits';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCaller } from '../calls/client.ts';
import { type FakeClock, fakeClock } from '../test/fake-clock.ts';
import { createPace } from './pace.ts';
import { uploadSource } from './source.ts';
import type { UploadOptions, UploadProgress } from './types.ts';
import { cancelUpload, uploadFile } from './upload.ts';

/** What happens to the next call: it is refused, its connection is cut before or after it was done, or it is never answered. */
type Mishap = 'cutBefore' | 'cutAfter' | 'hang' | { status: number; code: string; details: object };

let server: Server;
let url: string;
let clock: FakeClock;
let stored: Buffer;
let size: number;
let chunks: number[];
let calls: string[];
let opened: number;
let mishaps: Mishap[];
/** Calls that no mishap meets: those whose line does not hold this. */
let only: string;

const reply = (body: object) => ({ status: 200, body });
const failure = (status: number, code: string, details: object = {}) => ({
  status,
  body: { error: { code, details, requestId: 'r' } },
});

async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const { pathname, searchParams } = new URL(request.url ?? '', url);
  if (pathname === '/v1/uploads') {
    opened += 1;
    size = JSON.parse(body.toString()).bytes;
    return reply({ upload: `u${opened}`, offset: 0, chunkBytes: UPLOAD_CHUNK_BYTES_MAX, expiresAt: '' });
  }
  if (!pathname.startsWith(`/v1/uploads/u${opened}`)) return failure(404, 'not_found');
  if (request.method === 'GET') return reply({ offset: stored.length, bytes: size });
  if (request.method === 'DELETE') return { status: 204, body: {} };
  if (request.method === 'PUT') {
    const offset = Number(searchParams.get('offset'));
    if (offset + body.length <= stored.length) return reply({ offset: stored.length });
    if (offset !== stored.length) return failure(409, 'upload_offset', { offset: stored.length });
    stored = Buffer.concat([stored, body]);
    chunks.push(body.length);
    return reply({ offset: stored.length });
  }
  return reply({ id: `u${opened}`, kind: 'video' });
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const line = `${request.method} ${request.url}`;
  calls.push(line);
  const mishap = line.includes(only) ? mishaps.shift() : undefined;
  if (mishap === 'hang') return;
  if (mishap === 'cutBefore') return void request.socket.destroy();
  const { status, body } =
    typeof mishap === 'object' ? failure(mishap.status, mishap.code, mishap.details) : await answer(request);
  if (mishap === 'cutAfter') return void request.socket.destroy();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

beforeEach(async () => {
  clock = fakeClock();
  stored = Buffer.alloc(0);
  size = 0;
  chunks = [];
  calls = [];
  opened = 0;
  mishaps = [];
  only = 'PUT';
  server = createServer((request, response) => {
    serve(request, response).catch(error => {
      // Whoever asked may hang up while they ask.
      if (error !== request.errored) throw error;
    });
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const bytes = Uint8Array.from({ length: 600_000 }, (_, index) => index % 251);
function start(more: Partial<UploadOptions> = {}) {
  const progress: UploadProgress[] = [];
  const call = createCaller({ baseUrl: url, token: 't', clock });
  const work = uploadFile({
    call,
    clock,
    random: () => 0.5,
    kind: 'video',
    file: uploadSource(bytes),
    onProgress: one => progress.push(one),
    ...more,
  });
  return { call, work, progress };
}
/** Lets time pass until the upload is over. */
async function ended<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const settled = work.finally(() => {
    over = true;
  });
  settled.catch(() => {});
  while (!over) await clock.pass(1000);
  return settled;
}

describe('BC-21: an upload', () => {
  test('BC-21 sends every byte once, in chunks, and tells how far it is', async () => {
    const { work, progress } = start();
    expect(await ended(work)).toEqual({ id: 'u1', kind: 'video' });
    expect(stored.equals(bytes)).toBe(true);
    expect(chunks.length).toBeGreaterThan(1);
    expect(progress.map(({ state }) => state)).toEqual([...chunks.map(() => 'uploading'), 'checking']);
    expect(progress.at(-1)).toEqual({ sent: 600_000, bytes: 600_000, state: 'checking', last: null });
  });

  test.each([
    ['the connection is cut before a chunk arrives', 'cutBefore'],
    ['the reply to a chunk is lost', 'cutAfter'],
    ['a chunk is never answered', 'hang'],
    ['the server is starting again', { status: 503, code: 'unavailable', details: {} }],
    ['it is too fast', { status: 429, code: 'rate_limited', details: { retryAfter: 7 } }],
  ] as const)('BC-21 %s: it waits, asks where it is, and goes on', async (_, mishap) => {
    mishaps.push(mishap, mishap);
    const { work, progress } = start();
    expect(await ended(work)).toMatchObject({ id: 'u1' });
    expect(stored.equals(bytes)).toBe(true);
    expect(chunks.reduce((sum, chunk) => sum + chunk, 0)).toBe(bytes.length);
    expect(progress.filter(({ state }) => state === 'waiting').length).toBe(2);
    const sent = progress.filter(({ state }) => state !== 'waiting').map(one => one.sent);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
  });

  test('BC-21 a wait ends when the network is back', async () => {
    mishaps.push('cutBefore');
    let online = () => {};
    const wake = {
      subscribe: (listener: (sign: 'online' | 'visible') => void) => {
        online = () => listener('online');
        return () => {};
      },
    };
    const waits = new Promise<void>(resolve => {
      const { work } = start({
        wake,
        onProgress: ({ state }) => {
          if (state === 'waiting') setTimeout(() => resolve(void work), 20);
        },
      });
    });
    await waits;
    const before = calls.length;
    online();
    await new Promise(resolve => setTimeout(resolve, 50));
    // No time has passed on its clock.
    expect(calls.length).toBeGreaterThan(before);
  });

  test('BC-21 what no waiting cures is thrown at once', async () => {
    const details = { reason: 'too_large', max: 5 };
    only = 'POST /v1/uploads';
    mishaps.push({ status: 422, code: 'attachment_rejected', details });
    await expect(ended(start().work)).rejects.toMatchObject({ code: 'attachment_rejected', details });
    only = 'finish';
    mishaps.push({ status: 422, code: 'attachment_rejected', details: { reason: 'damaged' } });
    await expect(ended(start().work)).rejects.toMatchObject({ code: 'attachment_rejected' });
    only = 'PUT';
    mishaps.push({ status: 401, code: 'not_signed_in', details: {} });
    await expect(ended(start().work)).rejects.toMatchObject({ code: 'not_signed_in' });
  });

  test('BC-21 goes on with what an earlier run left, and begins anew where that is gone', async () => {
    opened = 1;
    size = bytes.length;
    stored = Buffer.from(bytes.subarray(0, 100_000));
    const { work, progress } = start({ resume: 'u1' });
    expect(await ended(work)).toMatchObject({ id: 'u1' });
    expect([opened, progress[0]?.sent]).toEqual([1, 100_000]);
    expect(stored.equals(bytes)).toBe(true);

    stored = Buffer.alloc(0);
    const ids: string[] = [];
    const anew = start({ resume: 'gone', onUpload: id => ids.push(id) });
    expect(await ended(anew.work)).toMatchObject({ id: 'u2' });
    expect([ids, stored.equals(bytes)]).toEqual([['u2'], true]);
  });

  test('BC-21 another answer about the place is believed, but not for ever', async () => {
    mishaps.push({ status: 409, code: 'upload_offset', details: { offset: 0 } });
    expect(await ended(start().work)).toMatchObject({ id: 'u1' });
    stored = Buffer.alloc(0);
    for (let count = 0; count < 20; count += 1)
      mishaps.push({ status: 409, code: 'upload_offset', details: { offset: 0 } });
    await expect(ended(start().work)).rejects.toMatchObject({ code: 'upload_offset' });
  });

  test('BC-21 stops when it is told to, while it sends or waits, and is given up by name', async () => {
    const stop = new AbortController();
    mishaps.push('hang');
    const sending = start({ signal: stop.signal });
    await vi.waitFor(() => expect(calls.some(line => line.startsWith('PUT'))).toBe(true));
    stop.abort('enough');
    await expect(ended(sending.work)).rejects.toBe('enough');
    const again = new AbortController();
    mishaps.push('cutBefore');
    const waiting = start({
      signal: again.signal,
      onProgress: ({ state }) => state === 'waiting' && setTimeout(() => again.abort('enough'), 0),
    });
    await expect(waiting.work).rejects.toBe('enough');
    expect(clock.pending()).toBe(0);
    await cancelUpload(waiting.call, 'u2');
    await cancelUpload(waiting.call, 'unknown');
    expect(calls.filter(line => line.startsWith('DELETE'))).toHaveLength(2);
  });
});

describe('BC-21: the size of chunks', () => {
  test('BC-21 follows the network within its bounds', () => {
    const pace = createPace();
    for (let turn = 0; turn < 6; turn += 1) pace.took(pace.size(), 10);
    expect(pace.size()).toBe(UPLOAD_CHUNK_BYTES_MAX);
    // 50 kB a second.
    for (let turn = 0; turn < 12; turn += 1) pace.took(pace.size(), pace.size() / 50);
    expect(pace.size()).toBeGreaterThan(90_000);
    expect(pace.size()).toBeLessThan(110_000);
    for (let turn = 0; turn < 12; turn += 1) pace.failed();
    expect(pace.size()).toBe(UPLOAD_CHUNK_BYTES_MIN);
  });
});
