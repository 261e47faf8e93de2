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

/** A folder as a bot's device: a folder an area, a JSON file a key. On the disk before `write` resolves. */
export function fileStorage(folder: string): DeviceStorage {
  const areaPath = (area: string) => join(folder, encodeURIComponent(area));
  const keyPath = (area: string, key: string) => join(areaPath(area), `${encodeURIComponent(key)}.json`);
  const readJson = async (path: string): Promise<unknown> => {
    const text = await orElse(readFile(path, 'utf8'), null);
    return text === null ? undefined : JSON.parse(text);
  };
  let writes = 0;
  return {
    durable: true,
    read: (area, key) => readJson(keyPath(area, key)),
    async list(area) {
      const names = (await orElse(readdir(areaPath(area)), [])).filter(name => name.endsWith('.json'));
      const values = await Promise.all(names.sort().map(name => readJson(join(areaPath(area), name))));
      return values.filter(value => value !== undefined);
    },
    async write(area, key, value) {
      await mkdir(areaPath(area), { recursive: true });
      writes += 1;
      const unfinished = `${keyPath(area, key)}.${process.pid}.${writes}`;
      const file = await open(unfinished, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(value));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, keyPath(area, key));
    },
    remove: (area, key) => rm(keyPath(area, key), { force: true }),
    clear: area => rm(areaPath(area), { recursive: true, force: true }),
  };
}
