import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Blobs, ByteRange } from './blobs.ts';
import { checkFolder, checkKey } from './key.ts';
import {
  element,
  elements,
  type S3Answer,
  type S3Client,
  S3Error,
  type S3Location,
  s3Client,
} from './s3-client.ts';

/** Held in memory for each running upload; parts of S3 but the last have at least 5 MiB, and there are 10,000 at most. */
const partBytes = 8 * 1024 * 1024;
const deletedAtOnce = 16;

export interface S3Blobs extends Blobs {
  /** @throws S3Error or an error of the connection if the bucket cannot be used */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Blobs as objects of a bucket, in any store that speaks S3. Uploads beyond 8 MiB go in parts, unseen until all are there. */
export function s3Blobs(location: S3Location): S3Blobs {
  const client = s3Client(location);

  async function put(key: string, bytes: Uint8Array): Promise<void> {
    await done(await client.send({ method: 'PUT', key: checkKey(key), body: bytes }));
  }

  async function putStream(key: string, source: Readable | AsyncIterable<Uint8Array>): Promise<number> {
    checkKey(key);
    const part = Buffer.allocUnsafeSlow(partBytes);
    let upload: Upload | undefined;
    let held = 0;
    let stored = 0;
    try {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        for (let taken = 0; taken < chunk.byteLength; ) {
          // Sent when more is there than fits, so that a file of one part needs no upload in parts.
          if (held === partBytes) {
            upload ??= await startUpload(client, key);
            await upload.part(part);
            held = 0;
          }
          const piece = chunk.subarray(taken, taken + partBytes - held);
          part.set(piece, held);
          held += piece.byteLength;
          taken += piece.byteLength;
        }
        stored += chunk.byteLength;
      }
      const rest = part.subarray(0, held);
      if (upload) {
        await upload.part(rest);
        await upload.complete();
      } else await put(key, rest);
      return stored;
    } catch (error) {
      await upload?.abort();
      throw error;
    }
  }

  async function read(key: string, range?: ByteRange): Promise<{ stream: Readable; size: number } | null> {
    const headers = range && { range: `bytes=${range.start}-${range.end}` };
    const answer = await client.send({ method: 'GET', key: checkKey(key), ...(headers && { headers }) });
    if (answer.status === 200) {
      const size = Number(answer.header('content-length'));
      return { stream: range ? within(answer.body, 0, range) : answer.body, size };
    }
    if (answer.status === 206) {
      const { first, last, size } = contentRange(answer);
      const exact = range === undefined || (first === range.start && last <= range.end);
      return { stream: exact ? answer.body : within(answer.body, first, range), size };
    }
    const text = await answer.body.text();
    if (answer.status === 416) return { stream: Readable.from([]), size: await sizeOf(key, answer) };
    const error = new S3Error(answer.status, text);
    if (error.code === 'NoSuchKey') return null;
    throw error;
  }

  /** Not every store says the size when it refuses a range. */
  async function sizeOf(key: string, refusal: S3Answer): Promise<number> {
    const told = contentRange(refusal).size;
    if (Number.isFinite(told)) return told;
    const head = await client.send({ method: 'HEAD', key });
    await head.body.dump();
    if (head.status !== 200) throw new S3Error(head.status, '');
    return Number(head.header('content-length'));
  }

  async function remove(key: string): Promise<void> {
    const answer = await client.send({ method: 'DELETE', key });
    const text = await answer.body.text();
    if (answer.status >= 300 && element(text, 'Code') !== 'NoSuchKey') throw new S3Error(answer.status, text);
  }

  /** @param after the last key of the page before */
  async function list(prefix: string, after: string, most: number): Promise<string[]> {
    const query = {
      'list-type': '2',
      prefix,
      'max-keys': String(most),
      ...(after && { 'start-after': after }),
    };
    const answer = await client.send({ method: 'GET', query });
    const text = await answer.body.text();
    if (answer.status !== 200) throw new S3Error(answer.status, text);
    return elements(text, 'Key');
  }

  return {
    put,
    async putStream(key, source) {
      try {
        return await putStream(key, source);
      } finally {
        if (source instanceof Readable) source.destroy();
      }
    },
    async get(key) {
      const found = await read(key);
      return found && buffer(found.stream);
    },
    read,
    delete: async key => remove(checkKey(key)),
    async deleteAll(folder) {
      const prefix = `${checkFolder(folder)}/`;
      let keys = await list(prefix, '', 1000);
      while (keys.length > 0) {
        for (let from = 0; from < keys.length; from += deletedAtOnce)
          await Promise.all(keys.slice(from, from + deletedAtOnce).map(remove));
        keys = await list(prefix, keys.at(-1) ?? '', 1000);
      }
    },
    // No key begins with a dot: the list is empty however much is stored.
    check: async () => void (await list('.check/', '', 1)),
    close: () => client.close(),
  };
}

interface Upload {
  part(bytes: Uint8Array): Promise<void>;
  complete(): Promise<void>;
  /** Never throws: the reason to abort matters more. */
  abort(): Promise<void>;
}

async function startUpload(client: S3Client, key: string): Promise<Upload> {
  const begun = await client.send({ method: 'POST', key, query: { uploads: '' } });
  const uploadId = element(await done(begun), 'UploadId');
  if (uploadId === undefined) throw new Error('the S3 store began an upload without naming it');
  const tags: string[] = [];
  return {
    async part(bytes) {
      const query = { partNumber: String(tags.length + 1), uploadId };
      const answer = await client.send({ method: 'PUT', key, query, body: bytes });
      await done(answer);
      tags.push(answer.header('etag') ?? '');
    },
    async complete() {
      const parts = tags.map((tag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
      const body = Buffer.from(
        `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`,
      );
      const answer = await client.send({
        method: 'POST',
        key,
        query: { uploadId },
        headers: { 'content-type': 'application/xml' },
        body,
      });
      const text = await done(answer);
      // The store may answer 200 at once to keep the connection open, and tell of a failure only afterwards.
      if (element(text, 'Code') !== undefined) throw new S3Error(answer.status, text);
    },
    async abort() {
      const answer = await client.send({ method: 'DELETE', key, query: { uploadId } }).catch(() => undefined);
      await answer?.body.dump().catch(() => undefined);
    },
  };
}

/** @returns the text of the answer @throws S3Error unless it is a success */
async function done(answer: S3Answer): Promise<string> {
  const text = await answer.body.text();
  if (answer.status >= 300) throw new S3Error(answer.status, text);
  return text;
}

// `Content-Range: bytes 0-9/10`; with a refusal `bytes *` and the size (RFC 9110, 14.4).
function contentRange(answer: S3Answer): { first: number; last: number; size: number } {
  const [, first, last, size] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(answer.header('content-range') ?? '') ?? [];
  return { first: Number(first), last: Number(last), size: Number(size) };
}

/** A store may send more than the range (RFC 9110, 14.2). @param first where the stream begins in the file */
function within(stream: Readable, first: number, range: ByteRange): Readable {
  async function* wanted() {
    let at = first;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const piece = chunk.subarray(Math.max(0, range.start - at), Math.max(0, range.end + 1 - at));
      at += chunk.byteLength;
      if (piece.byteLength > 0) yield piece;
      if (at > range.end) return;
    }
  }
  return Readable.from(wanted(), { objectMode: false });
}
