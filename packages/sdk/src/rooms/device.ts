import { newId } from '../id.ts';

/** What a tab keeps until it is closed, reloads included. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export function memoryTabStorage(): TabStorage {
  const values = new Map<string, string>();
  return {
    getItem: key => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: key => void values.delete(key),
  };
}

/** The browser's `sessionStorage`; memory where there is none or it is refused. */
export function tabStorage(): TabStorage {
  try {
    const storage = globalThis.sessionStorage;
    storage.getItem('sotto.device');
    return storage;
  } catch {
    return memoryTabStorage();
  }
}

const DEVICE = 'sotto.device';
const ROOM = 'sotto.room';

/** The name of this tab towards rooms (RO-6): the same after a reload. */
export function deviceOf(storage: TabStorage): string {
  const kept = storage.getItem(DEVICE);
  if (kept) return kept;
  const device = newId();
  storage.setItem(DEVICE, device);
  return device;
}

/** The room this tab was in when it was reloaded. */
export const roomOfTab = (storage: TabStorage): string | null => storage.getItem(ROOM);

export function keepRoomOfTab(storage: TabStorage, room: string | null): void {
  if (room) storage.setItem(ROOM, room);
  else storage.removeItem(ROOM);
}
