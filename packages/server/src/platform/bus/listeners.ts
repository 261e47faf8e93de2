import type { BusListener } from './bus.ts';

type Heard = Parameters<BusListener>;

/** Those of one node who hear a bus. */
export interface Listeners {
  add(listener: BusListener): () => void;
  tell(...heard: Heard): void;
  clear(): void;
}

/**
 * A listener may publish: what it says waits until all have heard what it heard, so that everyone hears one order.
 * @param onError a listener threw
 */
export function createListeners(onError: (error: unknown) => void): Listeners {
  const listeners = new Set<BusListener>();
  const waiting: Heard[] = [];
  let telling = false;
  const drain = (): void => {
    for (let heard = waiting.shift(); heard; heard = waiting.shift())
      for (const listener of listeners) {
        try {
          listener(...heard);
        } catch (error) {
          onError(error);
        }
      }
  };
  return {
    add(listener) {
      // Its own function: one that is added twice is told twice, and removed once.
      const own: BusListener = (message, origin) => listener(message, origin);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    tell(...heard) {
      waiting.push(heard);
      if (telling) return;
      telling = true;
      drain();
      telling = false;
    },
    clear: () => listeners.clear(),
  };
}
