import { openAsBlob } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceStorage } from '../storage/device.ts';

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const orElse = async <T>(work: Promise<T>, missing: T): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return missing;
    throw error;
  }
};

/**
 * A folder as a bot's device: a folder an area, a JSON file a value, a file of bytes a file. On the disk before `write`
 * resolves.
 */
export function fileStorage(folder: string): DeviceStorage {
  const areaPath = (area: string) => join(folder, encodeURIComponent(area));
  const keyPath = (area: string, key: string) => join(areaPath(area), `${encodeURIComponent(key)}.json`);
  const filePath = (area: string, key: string) => join(areaPath(area), `${encodeURIComponent(key)}.bytes`);
  const readJson = async (path: string): Promise<unknown> => {
    const text = await orElse(readFile(path, 'utf8'), null);
    return text === null ? undefined : JSON.parse(text);
  };
  let writes = 0;
  /** Whole and on the disk under its name, or not there at all. */
  const place = async (area: string, path: string, content: string | ReadableStream<Uint8Array>) => {
    await mkdir(areaPath(area), { recursive: true });
    writes += 1;
    const unfinished = `${path}.${process.pid}.${writes}`;
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  };
  return {
    durable: true,
    read: (area, key) => readJson(keyPath(area, key)),
    async list(area) {
      const names = (await orElse(readdir(areaPath(area)), [])).filter(name => name.endsWith('.json'));
      const values = await Promise.all(names.sort().map(name => readJson(join(areaPath(area), name))));
      return values.filter(value => value !== undefined);
    },
    write: (area, key, value) => place(area, keyPath(area, key), JSON.stringify(value)),
    readFile: (area, key) => orElse(openAsBlob(filePath(area, key)), null),
    writeFile: (area, key, file) => place(area, filePath(area, key), file.stream()),
    async keys(area) {
      const names = await orElse(readdir(areaPath(area)), []);
      return names.flatMap(name => {
        const key = /^(.+)\.(?:json|bytes)$/.exec(name)?.[1];
        return key === undefined ? [] : [decodeURIComponent(key)];
      });
    },
    async remove(area, key) {
      await rm(keyPath(area, key), { force: true });
      await rm(filePath(area, key), { force: true });
    },
    clear: area => rm(areaPath(area), { recursive: true, force: true }),
  };
}
