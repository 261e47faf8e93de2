import type { Readable } from 'node:stream';
import type { BytesStream } from '@sotto/protocol';
import type { FastifyRequest } from 'fastify';
import { refuse } from '../../platform/refusal.ts';

/**
 * The body of a request, unread. Its length must be announced, so that what is too large is refused before it comes.
 * @throws Refusal `too_large`, `invalid_input`
 */
export function streamOf(max: number, request: FastifyRequest, body: Readable): BytesStream {
  const announced = request.headers['content-length'];
  if (announced === undefined)
    throw refuse('invalid_input', {
      issues: [{ path: 'header.content-length', problem: 'missing', expected: 'how many bytes come' }],
    });
  const length = Number(announced);
  if (length > max) throw refuse('too_large', { maxBytes: max });
  return { length, [Symbol.asyncIterator]: () => read(body) };
}

async function* read(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) yield piece as Uint8Array;
  } catch {
    // The connection broke: nobody hears the answer, and it is no fault of ours.
    throw refuse('invalid_input', {
      issues: [{ path: 'body', problem: 'too_short', expected: 'as many bytes as Content-Length says' }],
    });
  }
}
