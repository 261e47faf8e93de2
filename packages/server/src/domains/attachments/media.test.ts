import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadFile } from './content/bad-file.ts';
import { checkMedia } from './content/media.ts';
import { patcher } from './content/patch.ts';
import { type AttachmentsBench, attachmentsBench, refusal } from './test/bench.ts';
import { box, mp4Of, plainVideo, SHOT_AT } from './test/boxes.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`test/fixtures/${name}`, import.meta.url));
/** What a browser recorded (MediaRecorder of Chromium 156), and opusenc. */
const recorded = [
  ['video', 'video.webm', 'video/webm', 1.44],
  ['video', 'video.mp4', 'video/mp4', 1.461],
  ['voice', 'voice.webm', 'audio/webm', 1.44],
  ['voice', 'voice.m4a', 'audio/mp4', 1.399],
  ['voice', 'voice.ogg', 'audio/ogg', 2],
] as const;

let bench: AttachmentsBench;
let ada: Awaited<ReturnType<AttachmentsBench['person']>>;
beforeAll(async () => {
  bench = await attachmentsBench();
  ada = await bench.person('ada');
});
afterAll(() => bench.close());

const stored = async (link: string | null): Promise<Buffer> => {
  const response = await bench.get(link);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};
const sourceOf = (bytes: Buffer) => ({
  size: bytes.length,
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
});
const reasonOf = async (kind: 'video' | 'voice', bytes: Buffer) => {
  const before = await bench.files();
  const { code, details } = await refusal(bench.upload(ada.call, kind, bytes));
  expect(code).toBe('attachment_rejected');
  expect(await bench.files()).toEqual(before);
  return details;
};

describe('BC-21: video and voice notes', () => {
  test.each(recorded)('BC-21 a %s in %s is %s', async (kind, name, type, seconds) => {
    const bytes = fixture(name);
    const made = await bench.upload(ada.call, kind, bytes, kind === 'voice' ? { waveform: [0, 15, 31] } : {});
    const video = kind === 'video';
    expect(made).toMatchObject({ kind, type, bytes: bytes.length, seconds, moving: video });
    expect([made.width, made.height]).toEqual(video ? [160, 120] : [null, null]);
    expect(made.waveform).toEqual(video ? null : [0, 15, 31]);
    const response = await bench.get(made.links.original);
    expect(response.headers.get('content-type')).toBe(type);
    expect((await response.arrayBuffer()).byteLength).toBe(bytes.length);
  });

  test('BC-21 a video has the poster that came with it, which is no attachment of its own any more', async () => {
    const sharp = (await import('sharp')).default;
    const frame = await sharp({ create: { width: 1600, height: 900, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    const poster = await bench.upload(ada.call, 'image', frame);
    const made = await bench.upload(ada.call, 'video', fixture('video.webm'), { poster: poster.id });
    expect(await sharp(await stored(made.links.poster)).metadata()).toMatchObject({
      format: 'webp',
      width: 1280,
    });
    expect(made.blur).toBe(poster.blur);
    expect(
      (await refusal(ada.call('GET /v1/attachments/:attachment', { params: { attachment: poster.id } })))
        .code,
    ).toBe('not_found');
    expect((await bench.files()).filter(({ path }) => path.includes(poster.id))).toEqual([]);
    const again = bench.upload(ada.call, 'video', fixture('video.webm'), { poster: poster.id });
    expect(await refusal(again)).toEqual({ code: 'attachment_unknown', details: { attachment: poster.id } });
  });

  test('BC-21 a phone’s video is upright, and of where and when it was shot nothing is left', async () => {
    const place = box('udta', box('\xa9xyz', '+51.5007-000.1246/'));
    const keys = box('meta', box('ilst', 'com.apple.quicktime.location.ISO6709 +51.5007-000.1246/'));
    const [picture, sound] = plainVideo();
    const track = Array.from({ length: 20 }, () => Buffer.from('GPS5 51.5007 -0.1246 '));
    const bytes = mp4Of(
      [
        { ...(picture as NonNullable<typeof picture>), turned: true, more: [place, box('tref', 'secret')] },
        sound as NonNullable<typeof sound>,
        { handler: 'meta', codec: 'gpmd', samples: track },
      ],
      {
        brand: 'qt  ',
        moov: [place, keys, box('uuid', 'secret place 51.5007')],
        top: [
          box('free', 'secret 51.5007'),
          box('uuid', '<x:xmpmeta>51.5007</x:xmpmeta>'),
          box('meta', '51.5007'),
        ],
      },
    );
    const made = await bench.upload(ada.call, 'video', bytes);
    expect(made).toMatchObject({ type: 'video/mp4', width: 360, height: 640, seconds: 2 });
    const kept = await stored(made.links.original);
    expect(kept.length).toBe(bytes.length);
    for (const trace of ['51.5007', 'secret', 'GPS5', '\xa9xyz', 'gpmd'])
      expect(kept.includes(Buffer.from(trace, 'latin1')), trace).toBe(false);
    const when = Buffer.alloc(4);
    when.writeUInt32BE(SHOT_AT);
    expect([bytes.includes(when), kept.includes(when)]).toEqual([true, false]);
    // Picture and sound are as they were, and it is still a whole MP4.
    expect(kept.includes('frame 19') && kept.includes('sound 19')).toBe(true);
    expect(await checkMedia(sourceOf(kept), 'video')).toMatchObject({ width: 360, height: 640, seconds: 2 });
  });

  test('BC-21 tags of WebM and comments of Ogg go', async () => {
    const ogg = fixture('voice.ogg');
    expect(ogg.includes('secret place')).toBe(true);
    const made = await bench.upload(ada.call, 'voice', ogg);
    const kept = await stored(made.links.original);
    expect(kept.includes('secret place') || kept.includes('LOCATION')).toBe(false);
    expect(await checkMedia(sourceOf(kept), 'voice')).toMatchObject({ seconds: 2 });

    const tags = Buffer.from('1254c3678e7373', 'hex');
    const webm = Buffer.concat([fixture('voice.webm'), tags, Buffer.from('secret place')]);
    const tagged = await bench.upload(ada.call, 'voice', webm);
    const plain = await stored(tagged.links.original);
    expect(plain.includes('secret')).toBe(false);
    expect(await checkMedia(sourceOf(plain), 'voice')).toMatchObject({ seconds: 1.44 });
  });
});

describe('BC-21: what cannot be sent', () => {
  test('BC-21 another kind than was said, told by the content', async () => {
    expect(await reasonOf('video', fixture('voice.webm'))).toEqual({ reason: 'type' });
    expect(await reasonOf('video', fixture('voice.ogg'))).toEqual({ reason: 'type' });
    expect(await reasonOf('voice', fixture('video.mp4'))).toEqual({ reason: 'type' });
    expect(await reasonOf('video', fixture('video.mkv'))).toEqual({ reason: 'type' });
    expect(await reasonOf('video', Buffer.from('<!doctype html><script>alert(1)</script>'))).toEqual({
      reason: 'type',
    });
    expect(await reasonOf('video', Buffer.from('RIFF\x24\0\0\0AVI LIST'))).toEqual({ reason: 'type' });
    expect(await reasonOf('voice', Buffer.from('RIFF\x24\0\0\0WAVEfmt '))).toEqual({ reason: 'type' });
  });

  test.each(recorded)('BC-21 a %s in %s that is cut is damaged', async (kind, name) => {
    const bytes = fixture(name);
    expect(await reasonOf(kind, bytes.subarray(0, bytes.length - 7))).toEqual({ reason: 'damaged' });
    expect(await reasonOf(kind, bytes.subarray(0, Math.floor(bytes.length / 2)))).toEqual({
      reason: 'damaged',
    });
  });

  test.each(recorded)('BC-21 a %s in %s with something behind it or in it is damaged', async (kind, name) => {
    const bytes = fixture(name);
    const zip = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      Buffer.alloc(26),
      Buffer.from('504b0506', 'hex'),
      Buffer.alloc(18),
    ]);
    for (const appended of [zip, Buffer.from('<html><script>alert(1)</script>'), Buffer.from('%PDF-1.7')])
      expect(await reasonOf(kind, Buffer.concat([bytes, appended]))).toEqual({ reason: 'damaged' });
    expect(await reasonOf(kind, Buffer.concat([Buffer.from('%PDF-1.7\n'), bytes]))).toEqual({
      reason: 'type',
    });
  });

  test('BC-21 an archive in the samples, samples elsewhere, samples past the end, an unknown codec', async () => {
    const [picture, sound] = plainVideo() as [
      ReturnType<typeof plainVideo>[0],
      ReturnType<typeof plainVideo>[1],
    ];
    if (!picture || !sound) throw new Error('no tracks');
    const zip = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
    const hidden = mp4Of([{ ...picture, samples: [...picture.samples, zip] }]);
    expect(await reasonOf('video', hidden)).toEqual({ reason: 'damaged' });
    expect(await reasonOf('video', mp4Of([{ ...picture, reference: 0 }]))).toEqual({ reason: 'damaged' });
    expect(await reasonOf('video', mp4Of([{ ...picture, codec: 'evil' }]))).toEqual({ reason: 'damaged' });
    expect(await reasonOf('video', mp4Of([sound]))).toEqual({ reason: 'type' });
    expect(await reasonOf('video', mp4Of([picture], { top: [box('exe ', 'MZ')] }))).toEqual({
      reason: 'damaged',
    });
    const past = mp4Of([picture]);
    past.writeUInt32BE(0x7fffffff, past.indexOf('stco') + 12);
    expect(await reasonOf('video', past)).toEqual({ reason: 'damaged' });
  });

  test('BC-21 longer than 3 minutes, or 5, whatever its header says; more pixels than a screen', async () => {
    const slow = plainVideo(1).map(track => ({ ...track, duration: 20_000 }));
    expect(await reasonOf('video', mp4Of(slow))).toEqual({ reason: 'too_long', max: 180 });
    const [, sound] = slow;
    const voice = mp4Of([{ ...(sound as NonNullable<typeof sound>), duration: 31_000 }]);
    expect(await reasonOf('voice', voice)).toEqual({ reason: 'too_long', max: 300 });
    const [picture] = plainVideo();
    const wide = mp4Of([{ ...(picture as NonNullable<typeof picture>), width: 16_000, height: 16_000 }]);
    expect(await reasonOf('video', wide)).toEqual({ reason: 'too_many_pixels', max: 25_000_000 });
  });

  test('BC-21 101 MB are refused before a byte is sent', async () => {
    const open = ada.call('POST /v1/uploads', { body: { kind: 'video', bytes: 101 * 1024 * 1024 } });
    expect(await refusal(open)).toEqual({
      code: 'attachment_rejected',
      details: { reason: 'too_large', max: 100 * 1024 * 1024 },
    });
  });

  test('BC-21 whatever bytes come, they are read to the end or refused, and nothing else', async () => {
    const files = recorded.map(([kind, name]) => ({ kind, bytes: fixture(name) }));
    const made = { kind: 'video' as const, bytes: mp4Of(plainVideo(1)) };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files, made),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 }),
        async ({ kind, bytes }, changes) => {
          const changed = Buffer.from(bytes);
          for (const [at, value] of changes) changed[at % Math.min(changed.length, 1500)] = value;
          const facts = await checkMedia(sourceOf(changed), kind).catch(error => error);
          if (facts instanceof Error) expect(facts).toBeInstanceOf(BadFile);
          else patcher(facts.patches)(changed);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('BC-21: patches', () => {
  test('BC-21 are the same whatever the pieces a file comes in', () => {
    const bytes = randomBytes(500);
    const patches = fc.array(fc.record({ at: fc.nat(499), length: fc.nat(200), fill: fc.boolean() }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(patches, fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1 }), (list, sizes) => {
        const made = list.map(({ at, length, fill }) =>
          fill ? { at, length, bytes: Buffer.alloc(length, 7) } : { at, length },
        );
        const whole = patcher(made)(Buffer.from(bytes));
        const patch = patcher(made);
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(patch(Buffer.from(bytes.subarray(at, at + size))));
          at += size;
        }
        expect(Buffer.concat(pieces)).toEqual(whole);
      }),
    );
  });
});
