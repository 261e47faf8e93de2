/** What the SDK keeps on the device: values that survive a structured clone, by area and key. */
export interface DeviceStorage {
  /** False where nothing survives the end of the program. */
  readonly durable: boolean;
  read(area: string, key: string): Promise<unknown>;
  /** All of an area, by key, ascending. */
  list(area: string): Promise<readonly unknown[]>;
  write(area: string, key: string, value: unknown): Promise<void>;
  /** Bytes that may be many: kept in areas of their own, never read as a whole. Null where there are none. */
  readFile(area: string, key: string): Promise<Blob | null>;
  writeFile(area: string, key: string, file: Blob): Promise<void>;
  /** Keys of values and files. */
  keys(area: string): Promise<readonly string[]>;
  /** A value or a file. */
  remove(area: string, key: string): Promise<void>;
  clear(area: string): Promise<void>;
}

/** Areas are kept apart by account, so that a shared device never shows one person's to another. */
export const outboxArea = (account: string): string => `outbox:${account}`;
export const isOutbox = (area: string): boolean => area.startsWith('outbox:');
export const filesArea = (account: string): string => `files:${account}`;
export const cacheArea = (account: string): string => `cache:${account}`;
export const deviceArea = 'device';

export function memoryStorage(): DeviceStorage {
  const areas = new Map<string, Map<string, unknown>>();
  const area = (name: string) => areas.get(name) ?? new Map<string, unknown>();
  return {
    durable: false,
    read: async (name, key) => structuredClone(area(name).get(key)),
    list: async name =>
      [...area(name)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, v]) => structuredClone(v)),
    write: async (name, key, value) => {
      areas.set(name, area(name).set(key, structuredClone(value)));
    },
    readFile: async (name, key) => {
      const file = area(name).get(key);
      return file instanceof Blob ? file : null;
    },
    writeFile: async (name, key, file) => {
      areas.set(name, area(name).set(key, file));
    },
    keys: async name => [...area(name).keys()],
    remove: async (name, key) => {
      areas.get(name)?.delete(key);
    },
    clear: async name => {
      areas.delete(name);
    },
  };
}
