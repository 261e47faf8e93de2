import type { Blobs } from '../../../platform/blobs/index.ts';

/** A file that is read where one likes, a little at a time. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** `length` bytes from `start`; fewer at the end of the file. Valid until the next call. */
  read(start: number, length: number): Promise<Buffer>;
}

/** A stored chunk of an upload. */
export interface Chunk {
  start: number;
  bytes: number;
  key: string;
}

/** An upload's chunks as one file; holds one chunk in memory, at most two. */
export function chunkSource(blobs: Blobs, chunks: readonly Chunk[]): ByteSource {
  const size = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  let held: { index: number; bytes: Buffer } = { index: -1, bytes: Buffer.alloc(0) };
  const hold = async (index: number): Promise<Buffer> => {
    if (held.index !== index) held = { index, bytes: await readChunk(blobs, chunks[index]) };
    return held.bytes;
  };
  return {
    size,
    async read(start, length) {
      const end = Math.min(start + length, size);
      const parts: Buffer[] = [];
      let index = indexOf(chunks, start);
      for (let at = start; at < end; index += 1) {
        const chunk = chunks[index];
        if (!chunk) break;
        const bytes = await hold(index);
        const part = bytes.subarray(at - chunk.start, Math.min(end - chunk.start, chunk.bytes));
        parts.push(part);
        at += part.length;
      }
      const [only = Buffer.alloc(0)] = parts;
      return parts.length < 2 ? only : Buffer.concat(parts);
    },
  };
}

/** All of an upload, a chunk at a time. */
export async function* chunksOf(blobs: Blobs, chunks: readonly Chunk[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await readChunk(blobs, chunk);
}

async function readChunk(blobs: Blobs, chunk: Chunk | undefined): Promise<Buffer> {
  const bytes = chunk && (await blobs.get(chunk.key));
  if (bytes?.length !== chunk?.bytes || !bytes) throw new Error(`upload chunk ${chunk?.key} is missing`);
  return bytes;
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
