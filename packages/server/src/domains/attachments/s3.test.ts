import { readdir } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { s3Blobs } from '../../platform/blobs/s3.ts';
import { type TestS3, testS3 } from '../../platform/blobs/s3-server.ts';
import { type AttachmentsBench, attachmentsBench, refusal } from './test/bench.ts';
import { mp4Of, plainVideo } from './test/boxes.ts';

let s3: TestS3;
let blobs: ReturnType<typeof s3Blobs>;
let bench: AttachmentsBench;
let ada: Awaited<ReturnType<AttachmentsBench['person']>>;
beforeAll(async () => {
  s3 = await testS3();
  blobs = s3Blobs(s3.location);
  bench = await attachmentsBench({ blobs });
  ada = await bench.person('ada');
});
afterAll(async () => {
  await bench.close();
  await blobs.close();
  await s3.stop();
});

const keys = async (): Promise<string[]> =>
  (await readdir(s3.folder, { recursive: true })).filter(path =>
    /(uploads|attachments)\/.+_object$/.test(path),
  );

test('BC-20 BC-21 BC-22 the same in an S3-compatible store: chunks, checks, ranges, and nothing left over', async () => {
  const teal = sharp({ create: { width: 2000, height: 900, channels: 3, background: 'teal' } });
  const image = await bench.upload(ada.call, 'image', await teal.jpeg().toBuffer());
  expect((await bench.get(image.links.large)).status).toBe(200);

  const [picture] = plainVideo(2);
  if (!picture) throw new Error('no track');
  const samples = Array.from({ length: 24 }, (_, index) => Buffer.alloc(100_000, index + 1));
  const bytes = mp4Of([{ ...picture, samples }]);
  const video = await bench.upload(ada.call, 'video', bytes);
  expect(video).toMatchObject({ type: 'video/mp4', bytes: bytes.length });
  const part = await bench.get(video.links.original, { range: 'bytes=1000000-1000099' });
  expect([part.status, part.headers.get('content-range')]).toEqual([
    206,
    `bytes 1000000-1000099/${bytes.length}`,
  ]);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(1_000_000, 1_000_100));

  const before = await keys();
  expect(before.length).toBeGreaterThan(2);
  expect(before.some(key => key.includes('uploads/'))).toBe(false);
  const cut = bench.upload(ada.call, 'video', bytes.subarray(0, 1_500_000));
  expect(await refusal(cut)).toMatchObject({ details: { reason: 'damaged' } });
  expect(await keys()).toEqual(before);

  bench.platform.pass(25 * 3_600_000);
  await bench.attachments.sweep();
  expect(await keys()).toEqual([]);
});
