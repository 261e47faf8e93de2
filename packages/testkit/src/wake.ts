import type { Wake } from '@sotto/sdk';

/** The signs that a browser gives a client, in the hands of a test. */
export interface TestWake extends Wake {
  /** As when the network returns. */
  online(): void;
}

export function testWake(): TestWake {
  const listeners = new Set<(sign: 'online' | 'visible') => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    online() {
      for (const listener of listeners) listener('online');
    },
  };
}
