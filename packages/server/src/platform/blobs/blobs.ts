/** Where files are kept: pictures today, attachments and recordings later. */
export interface Blobs {
  /** Stores all of it or nothing; an existing key is replaced. Keys are `[a-z0-9/._-]+`, never starting with a dot. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Null if absent. */
  get(key: string): Promise<Buffer | null>;
  /** Deleting what is absent is no error. */
  delete(key: string): Promise<void>;
}
