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
 * What is written to areas that are `urgent` is there although the page may be gone the next moment: it stands in the
 * journal until the storage has it. What an earlier page left there is put into the storage before this resolves.
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
  const write: DeviceStorage['write'] = async (area, key, value) => {
    if (!urgent(area)) return storage.write(area, key, value);
    const name = nameOf(area, key);
    const text = JSON.stringify(value);
    attempt(() => journal.setItem(name, text));
    await storage.write(area, key, value);
    // Unless a later value of it is on its way.
    attempt(() => journal.getItem(name) === text && journal.removeItem(name));
  };
  const replay = async (name: string) => {
    const [area, key] = JSON.parse(name.slice(PREFIX.length)) as [string, string];
    const text = journal.getItem(name);
    // Another tab is through with it meanwhile.
    if (text !== null) await write(area, key, JSON.parse(text));
  };
  for (const name of attempt(names) ?? []) await replay(name).catch(() => {});
  return {
    ...storage,
    write,
    async remove(area, key) {
      attempt(() => journal.removeItem(nameOf(area, key)));
      await storage.remove(area, key);
    },
    async clear(area) {
      for (const name of attempt(names) ?? [])
        if (name.startsWith(`${PREFIX}${JSON.stringify([area]).slice(0, -1)},`))
          attempt(() => journal.removeItem(name));
      await storage.clear(area);
    },
  };
}
