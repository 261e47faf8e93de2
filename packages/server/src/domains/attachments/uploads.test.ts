import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { fitsIn } from './policy.ts';
import { type AttachmentsBench, attachmentsBench, refusal } from './test/bench.ts';
import { mp4Of, plainVideo } from './test/boxes.ts';

const KB = 1024;
const MB = 1024 * KB;
const DAILY = 400 * MB;

let bench: AttachmentsBench;
type Person = Awaited<ReturnType<AttachmentsBench['person']>>;
let ada: Person;
let ben: Person;
beforeAll(async () => {
  bench = await attachmentsBench({ dailyBytes: DAILY });
  ada = await bench.person('ada');
  ben = await bench.person('ben');
});
afterAll(() => bench.close());
afterEach(async () => {
  bench.platform.pass(25 * 3_600_000);
  await bench.attachments.sweep();
  expect(await bench.files()).toEqual([]);
});

const open = async (person: Person, kind: 'image' | 'video' | 'voice', bytes: number) =>
  (await person.call('POST /v1/uploads', { body: { kind, bytes } })).upload;
const put = (person: Person, upload: string, offset: number, bytes: Uint8Array) =>
  person.call('PUT /v1/uploads/:upload/bytes', {
    params: { upload },
    query: { offset },
    bytes: Uint8Array.from(bytes),
    type: 'application/octet-stream',
  });
const finish = (person: Person, upload: string, body = {}) =>
  person.call('POST /v1/uploads/:upload/finish', { params: { upload }, body });
const picture = () =>
  sharp({
    create: {
      width: 400,
      height: 300,
      channels: 3,
      background: 'teal',
      noise: { type: 'gaussian', mean: 9, sigma: 9 },
    },
  })
    .png()
    .toBuffer();

describe('BC-21: uploads in chunks', () => {
  test('BC-21 a chunk that comes again is not stored again, one that comes elsewhere is told where', async () => {
    const bytes = await picture();
    const upload = await open(ada, 'image', bytes.length);
    const [first, rest] = [bytes.subarray(0, 20 * KB), bytes.subarray(20 * KB)];
    expect(await refusal(put(ada, upload, 20 * KB, rest))).toEqual({
      code: 'upload_offset',
      details: { offset: 0 },
    });
    expect(await put(ada, upload, 0, first)).toEqual({ offset: 20 * KB });
    expect(await put(ada, upload, 0, first)).toEqual({ offset: 20 * KB });
    expect(await refusal(put(ada, upload, 5, rest))).toMatchObject({ code: 'upload_offset' });
    expect(await ada.call('GET /v1/uploads/:upload', { params: { upload } })).toEqual({
      offset: 20 * KB,
      bytes: bytes.length,
    });
    expect(await refusal(finish(ada, upload))).toEqual({
      code: 'upload_offset',
      details: { offset: 20 * KB },
    });
    expect(await refusal(put(ada, upload, 20 * KB, Buffer.concat([rest, rest])))).toEqual({
      code: 'attachment_rejected',
      details: { reason: 'too_large', max: bytes.length },
    });
    expect(await put(ada, upload, 20 * KB, rest)).toEqual({ offset: bytes.length });
    expect(await bench.files()).toHaveLength(2);
    expect(await finish(ada, upload)).toMatchObject({ id: upload, width: 400, height: 300 });
  });

  test('BC-21 of the same chunk sent many times at once, one is stored', async () => {
    const bytes = await picture();
    const upload = await open(ada, 'image', bytes.length);
    const answers = await Promise.all(Array.from({ length: 6 }, () => put(ada, upload, 0, bytes)));
    for (const answer of answers) expect(answer).toEqual({ offset: bytes.length });
    expect(await bench.files()).toHaveLength(1);
    const made = await Promise.all(Array.from({ length: 4 }, () => finish(ada, upload)));
    for (const each of made) expect(each).toEqual(made[0]);
    expect(await finish(ada, upload)).toEqual(made[0]);
  });

  test('BC-21 chunks of a few bytes are refused, but for the last', async () => {
    const upload = await open(ada, 'voice', 40 * KB);
    const { code, details } = await refusal(put(ada, upload, 0, Buffer.alloc(100)));
    expect([code, details.issues]).toEqual([
      'invalid_input',
      [expect.objectContaining({ path: 'body', problem: 'too_small' })],
    ]);
    await put(ada, upload, 0, Buffer.alloc(39 * KB));
    expect(await put(ada, upload, 39 * KB, Buffer.alloc(KB))).toEqual({ offset: 40 * KB });
    const large = await open(ada, 'video', 3 * MB);
    expect((await refusal(put(ada, large, 0, Buffer.alloc(MB + 1)))).code).toBe('too_large');
  });

  test('BC-21 a socket that is cut in the middle of a chunk leaves nothing, and the upload goes on', async () => {
    const bytes = await picture();
    const upload = await open(ada, 'image', bytes.length);
    const url = new URL(bench.url);
    const socket = connect(Number(url.port), url.hostname);
    await once(socket, 'connect');
    socket.write(
      `PUT /v1/uploads/${upload}/bytes?offset=0 HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${ada.token}\r\n` +
        `content-type: application/octet-stream\r\ncontent-length: ${bytes.length}\r\n\r\n`,
    );
    await new Promise<void>(resolve => socket.write(bytes.subarray(0, 30 * KB), () => resolve()));
    socket.destroy();
    await once(socket, 'close');
    // What was written of it goes as soon as the server hears of it.
    await vi.waitFor(async () => expect(await bench.files()).toEqual([]), 10_000);
    expect((await ada.call('GET /v1/uploads/:upload', { params: { upload } })).offset).toBe(0);
    expect(bench.platform.logged.filter(line => line.includes('call failed'))).toEqual([]);
    await put(ada, upload, 0, bytes);
    expect(await finish(ada, upload)).toMatchObject({ kind: 'image' });
  });

  test('BC-21 a hundred megabytes go through with flat memory', async () => {
    const [video, sound] = plainVideo(10);
    if (!video || !sound) throw new Error('no tracks');
    const frame = randomBytes(MB - 1500);
    const bytes = mp4Of([{ ...video, samples: Array.from({ length: 100 }, () => frame) }, sound]);
    expect(bytes.length).toBeGreaterThan(99 * MB);
    const upload = await open(ada, 'video', bytes.length);
    const chunk = async (at: number) => {
      await put(ada, upload, at, bytes.subarray(at, at + MB));
    };
    for (let at = 0; at < 10 * MB; at += MB) await chunk(at);
    const before = process.memoryUsage().rss;
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    for (let at = 10 * MB; at < bytes.length; at += MB) await chunk(at);
    const made = await finish(ada, upload);
    clearInterval(timer);
    expect(made).toMatchObject({ type: 'video/mp4', bytes: bytes.length, seconds: 10 });
    expect(peak - before).toBeLessThan(80 * MB);
    const kept = await bench.get(made.links.original);
    let got = 0;
    for await (const part of kept.body ?? []) got += part.length;
    expect(got).toBe(bytes.length);
  }, 60_000);
});

describe('BC-21: whose uploads', () => {
  test('BC-21 nobody else sees, fills, finishes or ends them', async () => {
    const bytes = await picture();
    const upload = await open(ada, 'image', bytes.length);
    const params = { upload };
    for (const work of [
      () => put(ben, upload, 0, bytes),
      () => ben.call('GET /v1/uploads/:upload', { params }),
      () => finish(ben, upload),
      () => ben.call('DELETE /v1/uploads/:upload', { params }),
    ])
      expect((await refusal(work())).code).toBe('not_found');
    await put(ada, upload, 0, bytes);
    await finish(ada, upload);
    expect((await refusal(finish(ben, upload))).code).toBe('not_found');
    const recorded = readFileSync(new URL('test/fixtures/video.webm', import.meta.url));
    const video = await open(ben, 'video', recorded.length);
    await put(ben, video, 0, recorded);
    expect((await refusal(finish(ben, video, { poster: upload }))).code).toBe('attachment_unknown');
  });

  test('BC-21 one that is given up is gone, finished or not; one that was sent stays', async () => {
    const bytes = await picture();
    const cancel = (upload: string) => ada.call('DELETE /v1/uploads/:upload', { params: { upload } });
    const begun = await open(ada, 'image', bytes.length);
    await put(ada, begun, 0, bytes.subarray(0, 20 * KB));
    await cancel(begun);
    const done = await bench.upload(ada.call, 'image', bytes);
    await cancel(done.id);
    expect(await bench.files()).toEqual([]);
    for (const upload of [begun, done.id]) expect((await refusal(cancel(upload))).code).toBe('not_found');
    expect((await refusal(put(ada, begun, 20 * KB, bytes.subarray(20 * KB)))).code).toBe('not_found');

    const sent = await bench.upload(ada.call, 'image', bytes);
    await bench.send(sent.id, [ada.id]);
    expect((await refusal(cancel(sent.id))).code).toBe('not_found');
    expect((await bench.files()).length).toBeGreaterThan(0);
    await bench.platform.db
      .updateTable('attachments')
      .set({ conversation_id: null, seq: null })
      .where('id', '=', sent.id)
      .execute();
  });

  test('BC-21 a day’s share, and so many at once: a refusal says when it lifts', async () => {
    const eve = await bench.person('eve');
    for (let index = 0; index < 4; index += 1) await open(eve, 'video', 100 * MB);
    const { code, details } = await refusal(open(eve, 'image', 1));
    expect([code, details.retryAfter]).toEqual(['rate_limited', expect.closeTo(24 * 3600, -1)]);
    const fay = await bench.person('fay');
    for (let index = 0; index < 30; index += 1) await open(fay, 'image', 10);
    expect(await refusal(open(fay, 'image', 10))).toEqual({
      code: 'rate_limited',
      details: { retryAfter: 30 },
    });
  });

  test('BC-21 the share of a day is free again when its oldest upload is a day old', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    const counted = [
      { bytes: 60, at: new Date('2026-11-21T13:00:00Z') },
      { bytes: 30, at: new Date('2026-11-22T11:00:00Z') },
    ];
    expect(fitsIn(counted, 10, 100, now)).toBeNull();
    expect(fitsIn(counted, 11, 100, now)).toBe(3600);
    expect(fitsIn(counted, 80, 100, now)).toBe(23 * 3600);
    expect(fitsIn([], 101, 100, now)).toBe(24 * 3600);
  });
});

describe('BC-21: what is left over', () => {
  test('BC-21 what was begun or finished a day ago and never sent is swept away with its files', async () => {
    const bytes = await picture();
    const begun = await open(ada, 'image', bytes.length);
    await put(ada, begun, 0, bytes.subarray(0, 20 * KB));
    const unsent = await bench.upload(ada.call, 'image', bytes);
    const sent = await bench.upload(ada.call, 'image', bytes);
    await bench.send(sent.id, [ada.id]);
    await bench.attachments.sweep();
    expect(new Set((await bench.files()).map(({ path }) => path.split('/')[1]))).toEqual(
      new Set([begun, unsent.id, sent.id]),
    );
    bench.platform.pass(25 * 3_600_000);
    await Promise.all([bench.attachments.sweep(), bench.attachments.sweep()]);
    expect(new Set((await bench.files()).map(({ path }) => path.split('/')[1]))).toEqual(new Set([sent.id]));
    expect((await refusal(finish(ada, begun))).code).toBe('not_found');
    expect(await finish(ada, sent.id)).toMatchObject({ id: sent.id });
    await bench.platform.db.deleteFrom('attachments').where('id', '=', sent.id).execute();
    await bench.platform.blobs.deleteAll(`attachments/${sent.id}/`);
  });

  test('BC-21 one that was cancelled while it was looked at leaves nothing', async () => {
    const bytes = await sharp({
      create: {
        width: 1600,
        height: 1600,
        channels: 3,
        background: 'teal',
        noise: { type: 'gaussian', mean: 9, sigma: 9 },
      },
    })
      .jpeg()
      .toBuffer();
    const upload = await open(ada, 'image', bytes.length);
    for (let at = 0; at < bytes.length; at += MB) await put(ada, upload, at, bytes.subarray(at, at + MB));
    const [finished, cancelled] = await Promise.allSettled([
      finish(ada, upload),
      ada.call('DELETE /v1/uploads/:upload', { params: { upload } }),
    ]);
    expect(cancelled.status).toBe('fulfilled');
    if (finished.status === 'rejected') expect(finished.reason).toMatchObject({ code: 'not_found' });
    await vi.waitFor(async () => expect(await bench.files()).toEqual([]));
  });
});
