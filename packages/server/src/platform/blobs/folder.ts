import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { Blobs } from './blobs.ts';
import { checkFolder, checkKey } from './key.ts';

/** Keys never begin with a dot, so nothing can be asked for here. */
const PARTS = '.parts';
/** What a killed process left is older than any upload lasts. */
const abandonedMs = 24 * 3_600_000;

const absent = (error: unknown): null => {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
    return null;
  throw error;
};

/** Blobs as files of a folder, which is made when the first one comes. */
export function folderBlobs(folder: string): Blobs {
  const path = (key: string): string => join(folder, checkKey(key));
  let ready: Promise<void> | undefined;

  async function store(key: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
    const target = path(key);
    ready ??= prepare(join(folder, PARTS));
    await ready.catch(error => {
      ready = undefined;
      throw error;
    });
    const partial = join(folder, PARTS, randomBytes(12).toString('hex'));
    try {
      const file = await open(partial, 'wx', 0o600);
      try {
        await write(file);
        await file.sync();
      } finally {
        await file.close();
      }
      await mkdir(dirname(target), { recursive: true });
      await rename(partial, target);
      await syncFolder(dirname(target));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  return {
    put: (key, bytes) => store(key, file => file.writeFile(bytes)),
    async putStream(key, source) {
      let stored = 0;
      try {
        await store(key, async file => {
          for await (const chunk of source as AsyncIterable<Uint8Array>) {
            await writeAll(file, chunk);
            stored += chunk.byteLength;
          }
        });
      } finally {
        if (source instanceof Readable) source.destroy();
      }
      return stored;
    },
    get: async key => readFile(path(key)).catch(absent),
    async read(key, range) {
      const file = await open(path(key)).catch(absent);
      if (file === null) return null;
      await using opened = new AsyncDisposableStack();
      opened.use(file);
      const found = await file.stat();
      if (!found.isFile()) return null;
      const { size } = found;
      if ((range?.start ?? 0) >= size) return { stream: Readable.from([]), size };
      const stream = file.createReadStream(range ?? {});
      opened.move();
      return { stream, size };
    },
    delete: async key => {
      const file = path(key);
      const found = await stat(file).catch(absent);
      if (found?.isFile()) await rm(file, { force: true });
    },
    deleteAll: async keys => rm(join(folder, checkFolder(keys)), { recursive: true, force: true }),
  };
}

/** `write` may take less than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done);
    done += bytesWritten;
  }
}

async function prepare(parts: string): Promise<void> {
  await mkdir(parts, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parts)) {
    const found = await stat(join(parts, name)).catch(absent);
    if (found && Date.now() - found.mtimeMs > abandonedMs) await rm(join(parts, name), { force: true });
  }
}

/** The file's name too must outlive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
