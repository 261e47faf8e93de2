import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StartError } from '../start-error.ts';
import { blobsContract } from './contract.ts';
import { openBlobs } from './open.ts';
import { type S3Blobs, s3Blobs } from './s3.ts';
import { s3Relay, type TestS3, testS3 } from './s3-server.ts';

const MiB = 1024 * 1024;
let server: TestS3;
let blobs: S3Blobs;
beforeAll(async () => {
  server = await testS3();
  blobs = s3Blobs(server.location);
});
afterAll(async () => {
  await blobs?.close();
  await server?.stop();
});

describe('blobs in an S3-compatible store', () => {
  blobsContract(() => blobs);

  test('check() is content with a bucket that is there, and names what is wrong', async () => {
    await blobs.check();
    const trial = async (change: Partial<TestS3['location']>) => {
      const other = s3Blobs({ ...server.location, ...change });
      try {
        await other.check();
      } finally {
        await other.close();
      }
    };
    await expect(trial({ bucket: 'elsewhere' })).rejects.toThrow('NoSuchBucket');
    await expect(trial({ secretAccessKey: 'wrong' })).rejects.toThrow('SignatureDoesNotMatch');
    await expect(trial({ accessKeyId: 'nobody' })).rejects.toThrow('InvalidAccessKeyId');
    await expect(trial({ endpoint: 'http://127.0.0.1:9' })).rejects.toThrow();
  });

  test('a bucket that cannot be used is told in one sentence, without its secret', async () => {
    const location = { ...server.location, bucket: 'elsewhere', secretAccessKey: 'S3RVER' };
    const failure = await openBlobs(location, '/nonexistent').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartError);
    expect((failure as Error).message).toMatch(
      /^The bucket at S3_URL cannot be used \(.*NoSuchBucket.*\): make it, or correct the setting\.$/,
    );
    const files = await openBlobs(server.location, '/nonexistent');
    await files.blobs.put('open/a', Buffer.from('x'));
    expect(await blobs.get('open/a')).toEqual(Buffer.from('x'));
    await files.close();
  });

  test('a bucket that is not there is an error, not an absent file', async () => {
    const other = s3Blobs({ ...server.location, bucket: 'elsewhere' });
    await expect(other.get('a/b')).rejects.toThrow('NoSuchBucket');
    await expect(other.read('a/b', { start: 0, end: 1 })).rejects.toThrow('NoSuchBucket');
    await expect(other.put('a/b', Buffer.from('x'))).rejects.toThrow('NoSuchBucket');
    await expect(other.delete('a/b')).rejects.toThrow('NoSuchBucket');
    await other.close();
  });
});

describe('a store in trouble', () => {
  const sized = (bytes: number) => Readable.from([Buffer.alloc(bytes, 'x')]);

  test('what is refused for the moment or cut is tried again', async () => {
    await using relay = await s3Relay(server.location, ({ count }) =>
      [3, 6].includes(count) || count > 7 ? undefined : count % 3 === 1 ? { status: 503 } : 'cut',
    );
    expect(await relay.blobs.putStream('trouble/a', sized(20 * MiB))).toBe(20 * MiB);
    expect((await relay.blobs.get('trouble/a'))?.byteLength).toBe(20 * MiB);
    await relay.blobs.delete('trouble/a');
    expect(await relay.blobs.get('trouble/a')).toBeNull();
  });

  test('a part that cannot be stored ends the upload, and it is taken back', async () => {
    const seen: string[] = [];
    await using relay = await s3Relay(server.location, ({ method, path }) => {
      seen.push(`${method} ${path.replace(/uploadId=.*/, 'uploadId')}`);
      return path.includes('partNumber=2') ? { status: 500 } : undefined;
    });
    await expect(relay.blobs.putStream('trouble/b', sized(20 * MiB))).rejects.toThrow('SlowDown');
    expect(seen.at(-1)).toBe('DELETE /sotto/trouble/b?uploadId');
    expect(await blobs.get('trouble/b')).toBeNull();
  });

  test('an upload that the store could not finish is an error though it said 200', async () => {
    await using relay = await s3Relay(server.location, ({ method, path }) =>
      method === 'POST' && path.includes('uploadId') ? { status: 200 } : undefined,
    );
    await expect(relay.blobs.putStream('trouble/c', sized(9 * MiB))).rejects.toThrow('SlowDown');
    expect(await blobs.get('trouble/c')).toBeNull();
  });

  test('a range past the end, of a store that says the size and of one that does not', async () => {
    await blobs.put('trouble/d', Buffer.from('0123456789'));
    for (const headers of [{ 'content-range': 'bytes */10' }, {}]) {
      await using relay = await s3Relay(server.location, ({ method }) =>
        method === 'GET' ? { status: 416, headers } : undefined,
      );
      const found = await relay.blobs.read('trouble/d', { start: 10, end: 20 });
      expect(found?.size).toBe(10);
      expect(await buffer(found?.stream ?? sized(1))).toHaveLength(0);
    }
  });

  test('of a store that sends the whole file, the range is cut out', async () => {
    await using relay = await s3Relay(server.location, ({ method }) =>
      method === 'GET' ? { status: 200, text: '0123456789' } : undefined,
    );
    const found = await relay.blobs.read('trouble/e', { start: 3, end: 5 });
    expect(found?.size).toBe(10);
    expect(await text(found?.stream ?? sized(1))).toBe('345');
  });

  test('a store that goes away in the middle of a file is an error to the reader', async () => {
    await using relay = await s3Relay(server.location, ({ method }) =>
      method === 'GET'
        ? { status: 200, headers: { 'content-length': '99' }, text: 'some', cut: true }
        : undefined,
    );
    await expect(relay.blobs.get('trouble/f')).rejects.toThrow();
  });
});
