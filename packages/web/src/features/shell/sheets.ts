import { createStore } from '@sotto/sdk';

/** Sheets that any screen may bring up; at most one at a time. */
export type SheetName = 'openRoom' | 'keys';

const open = createStore<SheetName | null>(null);

export const openedSheet = { getSnapshot: open.getSnapshot, subscribe: open.subscribe };
export const openSheet = (name: SheetName): void => open.set(name);
export const closeSheet = (): void => open.set(null);
