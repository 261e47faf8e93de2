import type { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OutboundError } from './outbound-error.ts';

/** What we say we take; anything else in an answer is refused, and so is one coding over another. */
export const ACCEPT_ENCODING = 'gzip, br';

const lenient = { finishFlush: constants.Z_SYNC_FLUSH };
const decoders: Record<string, () => NodeJS.ReadWriteStream & { destroy(error?: Error): unknown }> = {
  gzip: () => createGunzip(lenient),
  'x-gzip': () => createGunzip(lenient),
  deflate: () => createInflate(lenient),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * Reads a body as it is decoded, and stops at `max` bytes: what a bomb would unfold to is never made.
 * @param onLarge `cut`: the first `max` bytes are the answer. `refuse`: more is an error
 * @throws OutboundError `encoding`, `too_large`
 */
export async function readBody(
  body: Readable,
  coding: string,
  max: number,
  onLarge: 'cut' | 'refuse',
): Promise<Buffer> {
  const decoded = decode(body, coding);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded) {
      const bytes = chunk as Buffer;
      chunks.push(bytes);
      size += bytes.length;
      if (size <= max) continue;
      if (onLarge === 'refuse') throw new OutboundError('too_large', `more than ${max} bytes`);
      break;
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks).subarray(0, max);
}

function decode(body: Readable, coding: string): AsyncIterable<unknown> {
  if (coding === '' || coding === 'identity') return body;
  const make = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  if (!make) throw new OutboundError('encoding', coding);
  const decoder = make();
  body.once('error', error => decoder.destroy(error));
  return body.pipe(decoder) as unknown as AsyncIterable<unknown>;
}
