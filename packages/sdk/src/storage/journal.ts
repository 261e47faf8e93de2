import type { DeviceStorage } from './device.ts';

/** A storage that has what it is given when the call returns: as much of `localStorage` as is used. */
export type Journal = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'sotto:journal:';
const nameOf = (area: string, key: string) => `${PREFIX}${JSON.stringify([area, key])}`;

/** A journal that is full or refused is no reason to fail. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/**
 * What is written to areas that are `urgent` is kept when the call returns, although the page may be gone the next moment
 * and the storage may take its time, or refuse: it stands in the journal until the storage has it. What an earlier page
 * left there is put into the storage before this resolves, as far as the storage takes it.
 */
export async function journaled(
  storage: DeviceStorage,
  journal: Journal,
  urgent: (area: string) => boolean,
): Promise<DeviceStorage> {
  const names = () =>
    Array.from({ length: journal.length }, (_, at) => journal.key(at) ?? '').filter(name =>
      name.startsWith(PREFIX),
    );
  const placeOf = (name: string) => JSON.parse(name.slice(PREFIX.length)) as [area: string, key: string];
  /** What stands in the journal of an area, by key. */
  const standing = (area: string) =>
    new Map(
      (urgent(area) ? (attempt(names) ?? []) : []).flatMap(name => {
        const [inArea, key] = placeOf(name);
        const text = inArea === area ? attempt(() => journal.getItem(name)) : undefined;
        return text ? [[key, JSON.parse(text) as unknown]] : [];
      }),
    );

  /** Resolves when the storage has what stands in the journal as `text`. */
  const put = async (area: string, key: string, text: string): Promise<void> => {
    const name = nameOf(area, key);
    await storage.write(area, key, JSON.parse(text));
    const now = attempt(() => journal.getItem(name));
    // Unless a later value of it is on its way.
    if (now === text) attempt(() => journal.removeItem(name));
    // Removed meanwhile, perhaps by another tab.
    else if (now === null) await storage.remove(area, key);
  };
  for (const name of attempt(names) ?? []) {
    const text = attempt(() => journal.getItem(name));
    // Another tab is through with it meanwhile, or it is left for a storage that takes it.
    if (text) await put(...placeOf(name), text).catch(() => {});
  }

  return {
    ...storage,
    async read(area, key) {
      const waiting = standing(area);
      return waiting.has(key) ? waiting.get(key) : storage.read(area, key);
    },
    async list(area) {
      const waiting = standing(area);
      if (waiting.size === 0) return storage.list(area);
      const kept = await storage.keys(area).catch(() => []);
      const keys = [...new Set([...kept, ...waiting.keys()])].sort();
      const values = keys.map(key => (waiting.has(key) ? waiting.get(key) : storage.read(area, key)));
      return (await Promise.all(values)).filter(value => value !== undefined);
    },
    async keys(area) {
      const waiting = standing(area);
      if (waiting.size === 0) return storage.keys(area);
      return [...new Set([...(await storage.keys(area)), ...waiting.keys()])].sort();
    },
    async write(area, key, value) {
      if (!urgent(area)) return storage.write(area, key, value);
      const text = JSON.stringify(value);
      const stands = attempt(() => {
        journal.setItem(nameOf(area, key), text);
        return true;
      });
      if (!stands) return storage.write(area, key, value);
      void put(area, key, text).catch(() => {});
    },
    async remove(area, key) {
      attempt(() => journal.removeItem(nameOf(area, key)));
      await storage.remove(area, key);
    },
    async clear(area) {
      for (const key of standing(area).keys()) attempt(() => journal.removeItem(nameOf(area, key)));
      await storage.clear(area);
    },
  };
}
