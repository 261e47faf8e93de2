import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AttachmentsBench, attachmentsBench, refusal } from './test/bench.ts';
import { pngChunk, pngOf } from './test/png.ts';

let bench: AttachmentsBench;
let ada: Awaited<ReturnType<AttachmentsBench['person']>>;
beforeAll(async () => {
  bench = await attachmentsBench();
  ada = await bench.person('ada');
});
afterAll(() => bench.close());

const noise = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp({
    create: {
      width,
      height,
      channels,
      background: { r: 90, g: 120, b: 200, alpha: 0.5 },
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
/** Quick to encode, whatever the format. */
const plain = (width: number, height: number, red = 90) =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 120, b: 200 } } });
const send = (bytes: Uint8Array) => bench.upload(ada.call, 'image', bytes);
const bytesOf = async (link: string | null): Promise<Buffer> => {
  const response = await bench.get(link);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};

describe('BC-20: images', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'BC-20 %s becomes three WebPs and a blur',
    async format => {
      const made = await send(await plain(2600, 1300).toFormat(format, { effort: 1 }).toBuffer());
      expect(made).toMatchObject({
        kind: 'image',
        type: 'image/webp',
        width: 2048,
        height: 1024,
        moving: false,
      });
      for (const [size, edge] of [
        ['large', 2048],
        ['medium', 1280],
        ['small', 320],
      ] as const) {
        const bytes = await bytesOf(made.links[size]);
        expect(await sharp(bytes).metadata()).toMatchObject({
          format: 'webp',
          width: edge,
          height: edge / 2,
        });
        if (size === 'large') expect(bytes.length).toBe(made.bytes);
      }
      const blur = await sharp(Buffer.from(made.blur ?? '', 'base64')).metadata();
      expect(blur).toMatchObject({ format: 'webp', width: 16, height: 8 });
      expect(await bench.files()).toEqual(
        expect.arrayContaining([expect.objectContaining({ path: `attachments/${made.id}/large.webp` })]),
      );
      expect((await bench.files()).filter(({ path }) => path.startsWith('uploads/'))).toEqual([]);
    },
  );

  test('BC-20 a small one is not blown up, and kept once', async () => {
    const made = await send(await noise(200, 100).png().toBuffer());
    expect([made.width, made.height]).toEqual([200, 100]);
    expect(made.links.small?.split('?')[0]).toBe(made.links.large?.split('?')[0]);
    expect((await bench.files()).filter(({ path }) => path.includes(made.id))).toHaveLength(1);
  });

  test('BC-20 it stands upright, and of place, person and profile nothing is left', async () => {
    const sideways = await noise(600, 400)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'secret person' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret place</x:xmpmeta>')
      .toBuffer();
    expect(sideways.includes('secret place') && sideways.includes('secret person')).toBe(true);
    const made = await send(sideways);
    expect([made.width, made.height]).toEqual([400, 600]);
    for (const { path } of (await bench.files()).filter(file => file.path.includes(made.id))) {
      const bytes = (await bench.platform.blobs.get(path)) ?? Buffer.alloc(0);
      const { exif, xmp, icc, orientation } = await sharp(bytes).metadata();
      expect([exif, xmp, icc, orientation], path).toEqual([undefined, undefined, undefined, undefined]);
      expect(bytes.includes('secret')).toBe(false);
    }
  });

  test.each(['gif', 'webp'] as const)(
    'BC-20 a moving %s moves on, its small size stands still',
    async format => {
      const frames = await Promise.all([1, 100, 200].map(red => plain(400, 300, red).png().toBuffer()));
      const moving = await sharp(frames, { join: { animated: true } })
        .toFormat(format, { delay: [100, 100, 100] })
        .toBuffer();
      const made = await send(moving);
      expect(made).toMatchObject({ moving: true, width: 400, height: 300 });
      expect((await sharp(await bytesOf(made.links.large)).metadata()).pages).toBe(3);
      expect((await sharp(await bytesOf(made.links.small)).metadata()).pages ?? 1).toBe(1);
      expect(made.links.medium?.split('?')[0]).toBe(made.links.large?.split('?')[0]);
    },
  );

  test('BC-20 one that moves for too many pixels shows its first frame', async () => {
    const frames = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        plain(2000, 2000, index * 20)
          .png()
          .toBuffer(),
      ),
    );
    const moving = await sharp(frames, { join: { animated: true }, limitInputPixels: false })
      .gif({ effort: 1 })
      .toBuffer();
    expect(await send(moving)).toMatchObject({ moving: false, width: 2000 });
  });
});

describe('BC-20: images that cannot be sent', () => {
  /** Nothing of a refused file is left, and its repeat hears the same. */
  const reasonOf = async (bytes: Uint8Array) => {
    const before = await bench.files();
    const { code, details } = await refusal(send(bytes));
    expect(code).toBe('attachment_rejected');
    expect(await bench.files()).toEqual(before);
    return details;
  };

  test('BC-20 SVG, HTML, PDF and TIFF are no images, whatever they are called', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
    for (const bytes of [
      Buffer.from(svg),
      Buffer.from(`<?xml version="1.0"?>${svg}`),
      Buffer.from('<!doctype html><script>alert(1)</script>'),
      Buffer.from('%PDF-1.7\n%âãÏÓ\n'),
      await noise(20, 20).tiff().toBuffer(),
    ])
      expect(await reasonOf(bytes)).toEqual({ reason: 'type' });
  });

  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'BC-20 a truncated %s is damaged',
    async format => {
      const bytes = await noise(200, 200).toFormat(format, { effort: 1 }).toBuffer();
      expect(await reasonOf(bytes.subarray(0, Math.floor(bytes.length / 2)))).toEqual({ reason: 'damaged' });
    },
  );

  test('BC-20 a few kilobytes that say 14,000 by 14,000 pixels are refused before they are decoded', async () => {
    const row = Buffer.alloc(Math.ceil(14_000 / 8) + 1);
    const bomb = pngOf(14_000, 14_000, Buffer.concat(Array.from({ length: 14_000 }, () => row)));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().rss;
    expect(await reasonOf(bomb)).toEqual({ reason: 'too_many_pixels', max: 25_000_000 });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test.each(['zTXt', 'iCCP', 'iTXt'] as const)('BC-20 a bomb of 300 MB in %s unfolds nowhere', async type => {
    const bomb = deflateSync(Buffer.alloc(300_000_000), { level: 9 });
    const head = type === 'iTXt' ? 'Comment\0\u0001\0\0\0' : 'Comment\0\0';
    const pixels = Buffer.alloc((64 * 3 + 1) * 64);
    const bytes = pngOf(64, 64, pixels, {
      colour: true,
      before: [pngChunk(type, Buffer.concat([Buffer.from(head, 'latin1'), bomb]))],
    });
    const before = process.memoryUsage().rss;
    const made = await send(bytes).catch(error => error);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    // Where it is taken at all, the picture alone is.
    if (made.code) expect(made.code).toBe('attachment_rejected');
    else expect((await bytesOf(made.links.large)).length).toBeLessThan(10_000);
  });

  test('BC-20 a picture that is also an archive, a page or a document is refused', async () => {
    const jpeg = await noise(64, 64).jpeg().toBuffer();
    const directory = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');
    expect(await reasonOf(Buffer.concat([jpeg, Buffer.from('PK\x03\x04'), directory]))).toEqual({
      reason: 'damaged',
    });
    expect(await reasonOf(Buffer.concat([jpeg, Buffer.from('<script>alert(1)</script>')]))).toEqual({
      reason: 'damaged',
    });
    const gif = await noise(64, 64).gif().toBuffer();
    expect(await reasonOf(Buffer.concat([gif, Buffer.from('\n<!DOCTYPE html><p>hi')]))).toEqual({
      reason: 'damaged',
    });
    const comment = Buffer.from('%PDF-1.4 a document in a comment');
    const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
    expect(await reasonOf(Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]))).toEqual({
      reason: 'damaged',
    });
  });

  test('BC-20 an empty one and one of more than 20 MB are refused before a byte is sent', async () => {
    expect(await reasonOf(Buffer.alloc(0))).toEqual({ reason: 'empty' });
    expect(await reasonOf(Buffer.alloc(20 * 1024 * 1024 + 1))).toEqual({
      reason: 'too_large',
      max: 20 * 1024 * 1024,
    });
  });

  test('BC-20 the answer to a repeat is the same', async () => {
    const bytes = Buffer.from('<svg/>'.repeat(50));
    const { upload } = await ada.call('POST /v1/uploads', { body: { kind: 'image', bytes: bytes.length } });
    const params = { upload };
    await ada.call('PUT /v1/uploads/:upload/bytes', {
      params,
      query: { offset: 0 },
      bytes: Uint8Array.from(bytes),
      type: 'application/octet-stream',
    });
    const finish = () => refusal(ada.call('POST /v1/uploads/:upload/finish', { params, body: {} }));
    const first = await finish();
    expect(first).toEqual({ code: 'attachment_rejected', details: { reason: 'type' } });
    expect(await finish()).toEqual(first);
  });
});
