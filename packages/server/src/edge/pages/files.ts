import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../platform/refusal.ts';
import { readRange } from './range.ts';

/** A stored file that somebody has a link to. */
export interface OpenFile {
  /** Media type, as we found it when it came. */
  type: string;
  /** When the link ends. */
  expires: Date;
  /** Both ends included; null if the file is gone. The stream is to be read or destroyed. */
  read(range?: { start: number; end: number }): Promise<{ stream: Readable; size: number } | null>;
}

export interface FilesOptions {
  openFile(path: { attachment: string; file: string; expires: string; signature: string }): OpenFile | null;
  now(): Date;
}

interface FileRequest {
  Params: { attachment: string; file: string };
  Querystring: Record<string, string | string[]>;
}

/** Nobody who reads needs this long for what the network already took. */
const IDLE_MS = 60_000;

/**
 * Attachments, for who has a link that was signed and has not expired (BC-22). No cookie is looked at. An expired link and a
 * wrong one get the same answer.
 */
export function registerFiles(app: FastifyInstance, { openFile, now }: FilesOptions): void {
  const handle = async (request: FastifyRequest<FileRequest>, reply: FastifyReply): Promise<FastifyReply> => {
    const { attachment, file } = request.params;
    const { e, s } = request.query;
    const found =
      typeof e === 'string' && typeof s === 'string'
        ? openFile({ attachment, file, expires: e, signature: s })
        : null;
    if (!found) throw refuse('not_found');
    const etag = `"${attachment}-${file}"`;
    reply.headers(headersOf(found, etag, now()));
    if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return send(request, reply, found, etag);
  };
  app.route<FileRequest>({ method: ['GET', 'HEAD'], url: '/files/:attachment/:file', handler: handle });
}

function headersOf({ type, expires }: OpenFile, etag: string, now: Date): Record<string, string> {
  const seconds = Math.max(0, Math.floor((expires.getTime() - now.getTime()) / 1000));
  return {
    'content-type': type,
    etag,
    'accept-ranges': 'bytes',
    'cache-control': `private, max-age=${seconds}, immutable`,
    'content-disposition': /^(image|audio|video)\//.test(type) ? 'inline' : 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

/** RFC 9110, 13.1.2: the file never changes, so that there is one tag. */
const matches = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some(tag => ['*', etag, `W/${etag}`].includes(tag.trim()));

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  file: OpenFile,
  etag: string,
): Promise<FastifyReply> {
  const fresh = [undefined, etag].includes(request.headers['if-range'] as string | undefined);
  const asked = fresh && request.method === 'GET' ? readRange(request.headers.range) : null;
  const range = asked && 'last' in asked ? await lastBytes(file, asked.last) : asked;
  const opened = await file.read(range ?? undefined);
  if (!opened) throw refuse('not_found');
  const { stream, size } = opened;
  if (!range) return answer(reply, request, stream, size);
  if (range.start >= size) {
    stream.destroy();
    return reply.code(416).header('content-range', `bytes */${size}`).send();
  }
  const end = Math.min(range.end, size - 1);
  reply.code(206).header('content-range', `bytes ${range.start}-${end}/${size}`);
  return answer(reply, request, stream, end - range.start + 1);
}

/** Where the last bytes begin is known once the file is open. */
async function lastBytes(file: OpenFile, length: number): Promise<{ start: number; end: number }> {
  const opened = await file.read();
  if (!opened) throw refuse('not_found');
  opened.stream.destroy();
  const start = length === 0 ? opened.size : Math.max(0, opened.size - length);
  return { start, end: Number.MAX_SAFE_INTEGER };
}

function answer(
  reply: FastifyReply,
  request: FastifyRequest,
  stream: Readable,
  length: number,
): FastifyReply {
  reply.header('content-length', length);
  if (request.method === 'HEAD') {
    stream.destroy();
    return reply.send();
  }
  // A reader that stands still holds a file: it may come back for the rest.
  reply.raw.setTimeout(IDLE_MS, () => reply.raw.destroy());
  return reply.send(stream);
}
