import type { Bus, BusMessage } from './bus.ts';

/**
 * The bus of a single process. Several apps in one process may share one: that is how the testkit makes nodes.
 * @param onError a listener that throws harms neither the publisher nor the other listeners.
 */
export function memoryBus(onError: (error: unknown) => void): Bus {
  const listeners = new Set<(message: BusMessage) => void>();
  return {
    publish(message) {
      for (const listener of listeners) {
        try {
          listener(message);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ping: async () => {},
    close: async () => listeners.clear(),
  };
}
