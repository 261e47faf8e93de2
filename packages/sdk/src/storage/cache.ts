import type { AccountId } from '@sotto/protocol';
import type { Clock } from '../ports.ts';
import { cacheArea, type DeviceStorage } from './device.ts';

/** The last state of an account on this device, so that the application opens without a network. */
export interface Cache {
  read(key: string): Promise<unknown>;
  /** Written a little later; the last value of a key wins. */
  keep(key: string, value: () => unknown): void;
  remove(key: string): void;
  /** Writes at once what waits. */
  flush(): Promise<void>;
  /** Forgets everything, and keeps nothing from now on. */
  clear(): Promise<void>;
}

const WRITE_DELAY = 1000;

export function createCache(account: AccountId, storage: DeviceStorage, clock: Clock): Cache {
  const area = cacheArea(account);
  const due = new Map<string, () => unknown>();
  let cancel: (() => void) | null = null;
  let closed = false;

  const flush = async () => {
    cancel?.();
    cancel = null;
    const work = [...due];
    due.clear();
    // A cache that cannot be written is no reason to fail.
    await Promise.all(work.map(([key, value]) => storage.write(area, key, value()).catch(() => {})));
  };

  return {
    read: key => storage.read(area, key).catch(() => undefined),
    keep(key, value) {
      if (closed) return;
      due.set(key, value);
      cancel ??= clock.after(WRITE_DELAY, () => void flush());
    },
    remove(key) {
      due.delete(key);
      void storage.remove(area, key).catch(() => {});
    },
    flush,
    async clear() {
      closed = true;
      cancel?.();
      due.clear();
      await storage.clear(area).catch(() => {});
    },
  };
}
