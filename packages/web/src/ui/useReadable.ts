import type { Readable } from '@sotto/sdk';
import { useSyncExternalStore } from 'react';

/** A store's snapshot, and a new render when there is another. */
export function useReadable<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}
