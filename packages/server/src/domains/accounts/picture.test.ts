import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AccountsBench, accountsBench, type TestPerson } from './test/bench.ts';

let bench: AccountsBench;
let ada: TestPerson;
beforeAll(async () => {
  bench = await accountsBench();
  ada = await bench.person('ada');
});
afterAll(() => bench.close());
beforeEach(() => bench.platform.pass(3_600_000));

const put = (bytes: Uint8Array, type = 'image/png') =>
  bench.call('PUT /v1/me/picture', { bytes, type }, { token: ada.token });
const files = () => readdir(join(bench.platform.folder, 'pictures')).catch((): string[] => []);
const nameOf = (path: string | undefined): string => path?.replace('/files/pictures/', '') ?? '';
const read = async (path: string | undefined): Promise<Buffer> => {
  const bytes = await bench.accounts.readPicture(nameOf(path));
  if (!bytes) throw new Error(`no file at ${path}`);
  return bytes;
};
const red = { r: 220, g: 30, b: 30 };
const blue = { r: 30, g: 30, b: 220 };
const plain = (width: number, height: number, background = red) =>
  sharp({ create: { width, height, channels: 3, background } });

/** CRC-32 as PNG has it (ISO 3309). */
function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}
/** A PNG whose header says `width` × `height`, whatever is in it. */
function pngOf(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('PE-4: pictures', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'PE-4 %s becomes two square WebPs',
    async format => {
      const bytes = await plain(300, 200).toFormat(format).toBuffer();
      const { status, body } = await put(bytes, `image/${format}`);
      expect(status).toBe(200);
      for (const [path, side] of [
        [body.picture?.small, 96],
        [body.picture?.large, 384],
      ] as const) {
        expect(path).toMatch(new RegExp(`^/files/pictures/[0-9a-f]{32}-${side}\\.webp$`));
        expect(await sharp(await read(path)).metadata()).toMatchObject({
          format: 'webp',
          width: side,
          height: side,
        });
      }
      expect((await bench.accounts.people([ada.id])).get(ada.id)?.picture).toEqual(body.picture);
      expect(bench.platform.heard.at(-1)).toMatchObject({
        frame: { type: 'me', me: { picture: body.picture } },
      });
    },
  );

  test('PE-4 the middle is kept', async () => {
    const middle = await plain(100, 100, blue).png().toBuffer();
    const wide = await plain(500, 100)
      .composite([{ input: middle, left: 200, top: 0 }])
      .png()
      .toBuffer();
    const { body } = await put(wide);
    const { dominant } = await sharp(await read(body.picture?.large)).stats();
    expect(dominant.b).toBeGreaterThan(150);
    expect(dominant.r).toBeLessThan(80);
  });

  test('PE-4 it stands upright, and nothing of its metadata is left', async () => {
    const left = await plain(50, 100, blue).png().toBuffer();
    const sideways = await plain(100, 100)
      .composite([{ input: left, left: 0, top: 0 }])
      .jpeg()
      .withExif({ IFD0: { Copyright: 'secret place' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect((await sharp(sideways).metadata()).orientation).toBe(6);
    const { body } = await put(sideways, 'image/jpeg');
    const bytes = await read(body.picture?.large);
    const { exif, orientation } = await sharp(bytes).metadata();
    expect([exif, orientation]).toEqual([undefined, undefined]);
    expect(bytes.includes('secret place')).toBe(false);
    // Turned a quarter clockwise, what was on the left is on top.
    const top = await sharp(bytes).extract({ left: 0, top: 0, width: 384, height: 100 }).stats();
    expect(top.dominant.b).toBeGreaterThan(150);
  });

  test('PE-4 of a moving picture, the first frame', async () => {
    const frames = [await plain(64, 64, blue).png().toBuffer(), await plain(64, 64, red).png().toBuffer()];
    const moving = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect((await sharp(moving, { animated: true }).metadata()).pages).toBe(2);
    const { body } = await put(moving, 'image/gif');
    const bytes = await read(body.picture?.large);
    expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1);
    expect((await sharp(bytes).stats()).dominant.b).toBeGreaterThan(150);
  });

  test('PE-4 a new picture replaces the files of the old one, and removing it removes them', async () => {
    const first = await put(await plain(50, 50).png().toBuffer());
    const second = await put(await plain(50, 50).png().toBuffer());
    expect(second.body.picture?.large).not.toBe(first.body.picture?.large);
    expect(await bench.accounts.readPicture(nameOf(first.body.picture?.large))).toBeNull();
    expect(await files()).toHaveLength(2);
    const { body } = await bench.call('DELETE /v1/me/picture', {}, { token: ada.token });
    expect(body.picture).toBeNull();
    expect(await files()).toEqual([]);
    expect((await bench.call('DELETE /v1/me/picture', {}, { token: ada.token })).status).toBe(200);
  });

  test('PE-4 of pictures sent at once one stays, and its files alone', async () => {
    const bytes = await plain(400, 400).png().toBuffer();
    const answers = await Promise.all(Array.from({ length: 5 }, () => put(bytes)));
    for (const { status } of answers) expect(status).toBe(200);
    const { body } = await bench.call('GET /v1/me', {}, { token: ada.token });
    expect((await files()).sort()).toEqual([nameOf(body.picture?.large), nameOf(body.picture?.small)].sort());
  });

  test('PE-4 a flood of pictures is turned away, and the process stays up', async () => {
    const bytes = await plain(3000, 3000).png().toBuffer();
    const answers = await Promise.all(Array.from({ length: 30 }, () => put(bytes)));
    const statuses = new Set(answers.map(answer => answer.status));
    expect([...statuses].sort()).toEqual([200, 429]);
    for (const answer of answers.filter(each => each.status === 429))
      expect(answer.error).toMatchObject({ code: 'rate_limited', details: { retryAfter: 5 } });
    expect((await put(bytes)).status).toBe(200);
  });
});

describe('PE-4: pictures that cannot be used', () => {
  const reasonOf = async (bytes: Uint8Array, type?: string) => {
    const before = await files();
    const { status, error } = await put(bytes, type);
    expect([status, error.code]).toEqual([422, 'picture_rejected']);
    expect(await files()).toEqual(before);
    return error.details.reason;
  };

  test('PE-4 the type is read from the bytes, not from what they are called', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
    expect(await reasonOf(Buffer.from(svg))).toBe('type');
    expect(await reasonOf(Buffer.from('<html>'.repeat(100)), 'image/jpeg')).toBe('type');
    expect(await reasonOf(await plain(20, 20).tiff().toBuffer())).toBe('type');
    expect(await reasonOf(Buffer.from('%PDF-1.7\n%âãÏÓ\n'), 'image/webp')).toBe('type');
    const jpeg = await plain(20, 20).jpeg().toBuffer();
    expect((await put(jpeg, 'image/png')).status).toBe(200);
  });

  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'PE-4 a truncated %s is damaged',
    async format => {
      const noise = sharp({
        create: {
          width: 200,
          height: 200,
          channels: 3,
          background: red,
          noise: { type: 'gaussian', mean: 128, sigma: 60 },
        },
      });
      const bytes = await noise.toFormat(format).toBuffer();
      expect(await reasonOf(bytes.subarray(0, Math.floor(bytes.length / 2)), `image/${format}`)).toBe(
        'damaged',
      );
      expect(['type', 'damaged']).toContain(await reasonOf(bytes.subarray(0, 24), `image/${format}`));
    },
  );

  test('PE-4 a few kilobytes that say 14,000 by 14,000 pixels are refused before they are decoded', async () => {
    const row = Buffer.alloc(Math.ceil(14_000 / 8) + 1);
    const bomb = pngOf(14_000, 14_000, Buffer.concat(Array.from({ length: 14_000 }, () => row)));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    expect(await reasonOf(bomb)).toBe('too_many_pixels');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test('PE-4 a picture that says more than it holds is damaged', async () => {
    expect(await reasonOf(pngOf(4000, 4000, Buffer.alloc(600)))).toBe('damaged');
    expect(await reasonOf(pngOf(0, 0, Buffer.alloc(10)))).toBe('damaged');
    expect(await reasonOf(pngOf(2 ** 31 - 1, 2 ** 31 - 1, Buffer.alloc(10)))).toMatch(
      /damaged|too_many_pixels/,
    );
  });

  test('PE-4 more bytes than allowed, another type, nothing at all', async () => {
    expect((await put(Buffer.alloc(10 * 1024 * 1024 + 1))).error).toMatchObject({
      code: 'too_large',
      details: { maxBytes: 10 * 1024 * 1024 },
    });
    expect((await put(Buffer.from('x'), 'text/plain')).error.code).toBe('unsupported_media_type');
    expect((await put(Buffer.alloc(0))).status).toBeGreaterThanOrEqual(400);
  });
});

describe('PE-4: picture files', () => {
  test.each([
    '',
    '..',
    '../../package.json',
    `${'a'.repeat(32)}-96.webp/..`,
    `${'a'.repeat(32)}-97.webp`,
    `${'A'.repeat(32)}-96.webp`,
    `${'a'.repeat(32)}-96.webp\0`,
    `${'a'.repeat(32)}-96.webp\n`,
  ])('PE-4 %j names no picture', async name => {
    expect(await bench.accounts.readPicture(name)).toBeNull();
  });
});
