import { type DeviceStorage, outboxArea } from '../storage/device.ts';
import { createStore, type Readable } from '../stores/store.ts';
import type { OutboxItem } from './types.ts';

/** The messages of the outbox, in memory and on the device. */
export interface OutboxItems extends Readable<readonly OutboxItem[]> {
  find(clientId: string): OutboxItem | undefined;
  /** In memory only: what need not outlive the program. */
  show(clientId: string, change: Partial<OutboxItem>): void;
  add(item: OutboxItem, kept?: Promise<void>): Promise<void>;
  /** Changed for good. Nothing where it is gone. */
  change(clientId: string, change: Partial<OutboxItem>): Promise<void>;
  /** Out of memory at once, off the device when it resolves. */
  forget(clientId: string): Promise<void>;
  /** Another tab has settled it. */
  drop(clientId: string): void;
  /** Takes in what other tabs, or an earlier run, have kept. */
  reload(): Promise<void>;
  clear(): Promise<void>;
}

const byClientId = (a: OutboxItem, b: OutboxItem) => (a.clientId < b.clientId ? -1 : 1);

/** What is under way now is waiting to whoever reads it from the device. */
const resting = (item: OutboxItem): OutboxItem =>
  item.status.state === 'sending' || item.status.state === 'uploading'
    ? { ...item, status: { state: 'waiting', notBefore: 0, last: null } }
    : item;

export function createOutboxItems(account: string, storage: DeviceStorage): OutboxItems {
  const area = outboxArea(account);
  const items = createStore<readonly OutboxItem[]>([]);
  /** Not in the device's storage yet: a reload from it must not lose them. */
  const unsaved = new Set<string>();
  /** Settled or discarded: not to come back from a storage that is slower than we are. */
  const gone = new Set<string>();
  let cleared = false;

  const find = (clientId: string) => items.getSnapshot().find(item => item.clientId === clientId);

  const place = (item: OutboxItem) => {
    if (gone.has(item.clientId)) return;
    items.update(now => [...now.filter(other => other.clientId !== item.clientId), item].sort(byClientId));
  };

  const save = async (changed: OutboxItem, kept?: Promise<void>): Promise<void> => {
    const item = { ...changed, revision: changed.revision + 1 };
    place(item);
    unsaved.add(item.clientId);
    try {
      // The files first: a message on the device has all that belongs to it.
      await kept;
      if (!cleared) await storage.write(area, item.clientId, resting(find(item.clientId) ?? item));
      if (gone.has(item.clientId)) await storage.remove(area, item.clientId);
      unsaved.delete(item.clientId);
    } catch {
      // A full disk: the message stays in memory, and is sent all the same.
    }
  };

  const isOursAlone = (item: OutboxItem) => unsaved.has(item.clientId) || resting(item) !== item;

  return {
    getSnapshot: items.getSnapshot,
    subscribe: items.subscribe,
    find,
    show(clientId, change) {
      const item = find(clientId);
      if (item) place({ ...item, ...change });
    },
    add: save,
    async change(clientId, change) {
      const item = find(clientId);
      if (item) await save({ ...item, ...change });
    },
    async forget(clientId) {
      gone.add(clientId);
      unsaved.delete(clientId);
      items.update(now => now.filter(item => item.clientId !== clientId));
      await storage.remove(area, clientId).catch(() => {});
    },
    drop(clientId) {
      gone.add(clientId);
      items.update(now => now.filter(item => item.clientId !== clientId));
    },
    async reload() {
      const stored = (await storage.list(area).catch(() => null)) as readonly OutboxItem[] | null;
      if (!stored || cleared) return;
      const merged = new Map(stored.map(item => [item.clientId, upgrade(item)]));
      for (const item of items.getSnapshot()) {
        const other = merged.get(item.clientId);
        if (other ? item.revision >= other.revision : isOursAlone(item)) merged.set(item.clientId, item);
      }
      items.set([...merged.values()].filter(item => !gone.has(item.clientId)).sort(byClientId));
    },
    async clear() {
      cleared = true;
      items.set([]);
      await storage.clear(area).catch(() => {});
    },
  };
}

/** A message that an older version of this program has kept. */
const upgrade = (item: OutboxItem): OutboxItem => ({
  ...item,
  reply: item.reply ?? null,
  card: item.card ?? null,
  files: item.files ?? [],
  posted: item.posted ?? item.attempts > 0,
});
