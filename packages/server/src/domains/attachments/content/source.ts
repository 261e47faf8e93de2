import type { Blobs } from '../../../platform/blobs/index.ts';

/** A file that is read where one likes, a little at a time. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** `length` bytes from `start`; fewer at the end of the file. */
  read(start: number, length: number): Promise<Buffer>;
}

/** A stored chunk of an upload. */
export interface Chunk {
  start: number;
  bytes: number;
  key: string;
}

/** What is read at least: most of a container's headers stand close to each other. */
const WINDOW = 256 * 1024;

/** An upload's chunks as one file; holds the last part that was read. */
export function chunkSource(blobs: Blobs, chunks: readonly Chunk[]): ByteSource {
  const size = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  let held: Buffer = Buffer.alloc(0);
  let from = 0;
  return {
    size,
    async read(start, length) {
      const end = Math.min(start + length, size);
      if (start < from || end > from + held.length) {
        held = await readPart(blobs, chunks, start, Math.min(Math.max(end, start + WINDOW), size));
        from = start;
      }
      return held.subarray(start - from, Math.max(end, start) - from);
    },
  };
}

/** @param end not included */
async function readPart(blobs: Blobs, chunks: readonly Chunk[], start: number, end: number): Promise<Buffer> {
  const part = Buffer.allocUnsafe(Math.max(0, end - start));
  let filled = 0;
  for (let index = indexOf(chunks, start); start + filled < end; index += 1) {
    const chunk = chunks[index];
    if (!chunk) break;
    const first = start + filled - chunk.start;
    const last = Math.min(end - chunk.start, chunk.bytes) - 1;
    for await (const piece of streamOf(blobs, chunk, { start: first, end: last })) {
      piece.copy(part, filled);
      filled += piece.length;
    }
  }
  if (filled !== part.length) throw new Error(`upload chunks from ${start} on are incomplete`);
  return part;
}

/** All of an upload from its beginning, piece by piece. A piece may be changed. */
export async function* piecesOf(blobs: Blobs, chunks: readonly Chunk[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield* streamOf(blobs, chunk);
}

async function* streamOf(
  blobs: Blobs,
  chunk: Chunk,
  range?: { start: number; end: number },
): AsyncGenerator<Buffer> {
  const opened = await blobs.read(chunk.key, range);
  if (opened?.size !== chunk.bytes) {
    opened?.stream.destroy();
    throw new Error(`upload chunk ${chunk.key} is missing`);
  }
  for await (const piece of opened.stream) yield piece as Buffer;
}

/** The chunk that holds a byte: the last one that begins at or before it. */
function indexOf(chunks: readonly Chunk[], byte: number): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((chunks[middle]?.start ?? 0) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}
