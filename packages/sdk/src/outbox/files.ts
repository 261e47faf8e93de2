import type { AccountId } from '@sotto/protocol';
import type { NewFile } from '../backchannel/types.ts';
import { type DeviceStorage, filesArea } from '../storage/device.ts';
import { blobOf } from './compose.ts';
import type { OutboxItem } from './types.ts';

/** The bytes of files that wait to be sent, on the device; in memory where the device cannot keep them. */
export interface OutboxFiles {
  /** Kept as soon as it is called, on the device when it resolves. */
  keep(clientId: string, files: readonly NewFile[]): Promise<void>;
  read(clientId: string, index: number, part?: 'poster'): Promise<Blob | null>;
  forget(item: OutboxItem): Promise<void>;
  /** Throws away what an interrupted run of the program left without a message. */
  sweep(items: readonly OutboxItem[], now: number): Promise<void>;
  clear(): Promise<void>;
}

/** Another tab may keep files a moment before their message. */
const SWEEP_AGE = 3_600_000;

const keyOf = (clientId: string, index: number, part?: 'poster') =>
  `${clientId}.${index}${part ? `.${part}` : ''}`;

/** When a UUIDv7 was minted, ms since the epoch. */
const mintedAt = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);

export function createOutboxFiles(account: AccountId, storage: DeviceStorage): OutboxFiles {
  const area = filesArea(account);
  const inMemory = new Map<string, Blob>();

  const keepOne = async (key: string, bytes: Blob | Uint8Array<ArrayBuffer>) => {
    const file = blobOf(bytes);
    inMemory.set(key, file);
    try {
      await storage.writeFile(area, key, file);
      // Gone in the meantime: it must not stay on the device.
      if (!inMemory.delete(key)) await storage.remove(area, key);
    } catch {
      // A full disk: it stays in memory, and is sent all the same.
    }
  };

  return {
    async keep(clientId, files) {
      const parts = files.flatMap(({ bytes, poster }, index) => [
        { key: keyOf(clientId, index), bytes },
        ...(poster ? [{ key: keyOf(clientId, index, 'poster'), bytes: poster }] : []),
      ]);
      await Promise.all(parts.map(({ key, bytes }) => keepOne(key, bytes)));
    },
    async read(clientId, index, part) {
      const key = keyOf(clientId, index, part);
      return inMemory.get(key) ?? (await storage.readFile(area, key).catch(() => null));
    },
    async forget({ clientId, files }) {
      const keys = files.flatMap((_, index) => [keyOf(clientId, index), keyOf(clientId, index, 'poster')]);
      for (const key of keys) inMemory.delete(key);
      await Promise.all(keys.map(key => storage.remove(area, key).catch(() => {})));
    },
    async sweep(items, now) {
      const wanted = new Set(items.map(item => item.clientId));
      const keys = await storage.keys(area).catch(() => []);
      for (const key of keys) {
        const clientId = key.slice(0, key.indexOf('.'));
        if (!wanted.has(clientId) && now - mintedAt(clientId) > SWEEP_AGE)
          await storage.remove(area, key).catch(() => {});
      }
    },
    async clear() {
      inMemory.clear();
      await storage.clear(area).catch(() => {});
    },
  };
}
