import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Attachment } from '@sotto/protocol';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createLinks } from './links.ts';
import { type AttachmentsBench, attachmentsBench, refusal } from './test/bench.ts';
import { mp4Of, plainVideo } from './test/boxes.ts';

type Person = Awaited<ReturnType<AttachmentsBench['person']>>;
let bench: AttachmentsBench;
let ada: Person;
let ben: Person;
let eve: Person;
let image: Attachment;
let voice: Attachment;
const bytes = readFileSync(new URL('test/fixtures/voice.webm', import.meta.url));
beforeAll(async () => {
  bench = await attachmentsBench();
  ada = await bench.person('ada');
  ben = await bench.person('ben');
  eve = await bench.person('eve');
  const teal = sharp({ create: { width: 500, height: 400, channels: 3, background: 'teal' } });
  image = await bench.upload(ada.call, 'image', await teal.png().toBuffer());
  voice = await bench.upload(ada.call, 'voice', bytes);
});
afterAll(() => bench.close());

describe('BC-22: who gets links', () => {
  test('BC-22 until it is sent, its uploader; then who may read the message, and nobody who may not any more', async () => {
    const made = await bench.upload(ada.call, 'voice', bytes);
    const get = (person: Person) =>
      person.call('GET /v1/attachments/:attachment', { params: { attachment: made.id } });
    expect(await get(ada)).toEqual(made);
    expect((await refusal(get(ben))).code).toBe('not_found');
    await bench.send(made.id, [ada.id, ben.id]);
    expect(await get(ada)).toEqual(made);
    expect(await get(ben)).toEqual(made);
    expect((await refusal(get(eve))).code).toBe('not_found');
    for (const readers of bench.readers.values()) readers.splice(0);
    for (const person of [ada, ben, eve]) expect((await refusal(get(person))).code).toBe('not_found');
    const absent = eve.call('GET /v1/attachments/:attachment', {
      params: { attachment: crypto.randomUUID() },
    });
    expect((await refusal(absent)).code).toBe('not_found');
  });
});

describe('BC-22: links', () => {
  const row = { id: crypto.randomUUID(), file_names: ['large.webp'] } as never;
  const pathOf = (link: string | null) => {
    const url = new URL(link ?? '', 'http://localhost');
    const [, , attachment = '', file = ''] = url.pathname.split('/');
    return {
      attachment,
      file,
      expires: url.searchParams.get('e') ?? '',
      signature: url.searchParams.get('s') ?? '',
    };
  };

  test('BC-22 are the same for an hour, good for one to two, and for one file alone', () => {
    let now = new Date('2026-11-22T12:00:00Z');
    const key = Buffer.alloc(32, 1);
    const links = createLinks(key, () => now);
    const first = links.present(row).links.large;
    now = new Date('2026-11-22T12:59:59Z');
    expect(links.present(row).links.large).toBe(first);
    const path = pathOf(first);
    expect(links.verify(path)).toBe(Date.parse('2026-11-22T14:00:00Z') / 1000);
    now = new Date('2026-11-22T13:00:00Z');
    expect(links.present(row).links.large).not.toBe(first);
    now = new Date('2026-11-22T13:59:59Z');
    expect(links.verify(path)).not.toBeNull();
    now = new Date('2026-11-22T14:00:00Z');
    expect(links.verify(path)).toBeNull();
    now = new Date('2026-11-22T12:00:00Z');
    expect(links.verify({ ...path, file: 'small.webp' })).toBeNull();
    expect(links.verify({ ...path, attachment: crypto.randomUUID() })).toBeNull();
    expect(links.verify({ ...path, expires: String(Number(path.expires) + 3600) })).toBeNull();
    expect(links.verify({ ...path, expires: `0${path.expires}` })).toBeNull();
    expect(links.verify({ ...path, signature: '' })).toBeNull();
    expect(createLinks(Buffer.alloc(32, 2), () => now).verify(path)).toBeNull();
  });

  test('BC-22 a wrong one and an expired one are answered alike, and so is every other path', async () => {
    const { large } = image.links;
    const bodies = new Set<string>();
    const wrong = [
      large?.replace(/s=.{4}/, 's=AAAA'),
      large?.replace('large', 'small'),
      large?.split('?')[0],
      large?.replace('large.webp', '..%2f..%2fetc%2fpasswd'),
      `${large}&e=1`,
      '/files/x/y?e=1&s=2',
    ];
    for (const link of wrong) {
      const response = await bench.get(link ?? '');
      expect([response.status, link]).toEqual([404, link]);
      bodies.add((await response.text()).replace(/"requestId":"[^"]+"/, ''));
    }
    bench.platform.pass(3 * 3_600_000);
    const expired = await bench.get(large);
    expect(expired.status).toBe(404);
    bodies.add((await expired.text()).replace(/"requestId":"[^"]+"/, ''));
    expect(bodies.size).toBe(1);
    const fresh = await ada.call('GET /v1/attachments/:attachment', { params: { attachment: image.id } });
    expect((await bench.get(fresh.links.large)).status).toBe(200);
    image = fresh;
    voice = await ada.call('GET /v1/attachments/:attachment', { params: { attachment: voice.id } });
  });
});

describe('BC-22: files', () => {
  test('BC-22 come without cookies, as what they are, and from this site for this site', async () => {
    const response = await bench.get(image.links.large, { cookie: 'sotto=whatever' });
    expect(response.status).toBe(200);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
      'content-disposition': 'inline',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'accept-ranges': 'bytes',
    });
    expect(headers['set-cookie']).toBeUndefined();
    const [, age] = /^private, max-age=(\d+), immutable$/.exec(headers['cache-control'] ?? '') ?? [];
    expect(Number(age)).toBeGreaterThanOrEqual(3599);
    expect(Number(age)).toBeLessThanOrEqual(7200);
    const again = await bench.get(image.links.large, { 'if-none-match': headers.etag ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, undefined],
    ['bytes=-50', -50, undefined],
    ['bytes=10-9999999', 10, undefined],
    ['bytes=-9999999', 0, undefined],
    ['bytes=4070-4070', 4070, 4071],
  ])('BC-22 %s is that part (RFC 9110, 14)', async (range, start, end) => {
    const response = await bench.get(voice.links.original, { range });
    const part = bytes.subarray(start, end);
    const from = start < 0 ? bytes.length + start : start;
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(
      `bytes ${from}-${from + part.length - 1}/${bytes.length}`,
    );
    expect(response.headers.get('content-length')).toBe(String(part.length));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(part);
  });

  test.each(['bytes=4071-', 'bytes=99999-100000', 'bytes=-0'])('BC-22 %s is outside', async range => {
    const response = await bench.get(voice.links.original, { range });
    expect([response.status, response.headers.get('content-range')]).toEqual([
      416,
      `bytes */${bytes.length}`,
    ]);
  });

  test.each(['bytes=5-2', 'bytes=a-b', 'items=0-1', 'bytes=0-1,4-5', 'bytes=', 'bytes=-'])(
    'BC-22 %s gets the whole',
    async range => {
      const response = await bench.get(voice.links.original, { range });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(bytes.length);
    },
  );

  test('BC-22 a range of another version gets the whole, HEAD the headers', async () => {
    const whole = await bench.get(voice.links.original);
    const etag = whole.headers.get('etag') ?? '';
    const range = 'bytes=0-9';
    expect((await bench.get(voice.links.original, { range, 'if-range': '"other"' })).status).toBe(200);
    expect((await bench.get(voice.links.original, { range, 'if-range': etag })).status).toBe(206);
    const head = await bench.get(voice.links.original, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(bytes.length),
      '',
    ]);
    expect((await bench.get(voice.links.original, {}, 'POST')).status).toBe(404);
  });

  test('BC-22 a reader that goes away frees the file', async () => {
    const [video] = plainVideo(2);
    const frame = Buffer.alloc(1024 * 1024, 7);
    if (!video) throw new Error('no track');
    const large = await bench.upload(
      ada.call,
      'video',
      mp4Of([{ ...video, samples: Array.from({ length: 20 }, () => frame) }]),
    );
    const opened = vi.spyOn(bench.platform.blobs, 'read');
    const url = new URL(bench.url);
    const socket = connect(Number(url.port), url.hostname);
    await once(socket, 'connect');
    socket.write(`GET ${large.links.original} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
    await once(socket, 'data');
    // Nothing is read from here on: the server stops reading the file too.
    socket.pause();
    const file = (await opened.mock.results[0]?.value) as {
      stream: { destroyed: boolean; bytesRead: number };
    };
    expect(file.stream.destroyed).toBe(false);
    expect(file.stream.bytesRead).toBeLessThan(20 * 1024 * 1024);
    socket.destroy();
    await vi.waitFor(() => expect(file.stream.destroyed).toBe(true));
    opened.mockRestore();
  });
});
