import type { Readable } from 'node:stream';

/** Bytes from `start` to `end`, both included, counted from 0. An `end` past the last byte means the last byte. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Where files are kept: pictures, attachments, posters, recordings later. Keys are `[a-z0-9/._-]+` of at most 200
 * characters, no part of them empty or beginning with a dot; no key goes on where another ends (`a` and `a/b`).
 * Memory stays flat whatever a file weighs, but for `put` and `get`, which hold the whole.
 */
export interface Blobs {
  /** Stores all of it or nothing; an existing key is replaced. It is on disk once this resolves. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * As `put`, of what comes. A source that fails, or is destroyed before its end, leaves nothing, and what was there before
   * stays. The source is read to its end or destroyed. Returns how many bytes were stored.
   */
  putStream(key: string, source: Readable | AsyncIterable<Uint8Array>): Promise<number>;
  /** Null if absent. */
  get(key: string): Promise<Buffer | null>;
  /**
   * A part of it; without a range all. Null if absent. A range that begins past the end is an empty stream.
   * `size` is that of the whole, in bytes. The stream must be read to its end or destroyed, for it holds a file or a connection.
   */
  read(key: string, range?: ByteRange): Promise<{ stream: Readable; size: number } | null>;
  /** Deleting what is absent is no error. */
  delete(key: string): Promise<void>;
  /** Deletes every key below a folder: `attachments/7f3a/` with the slash. What is put there meanwhile may stay. */
  deleteAll(folder: string): Promise<void>;
}
