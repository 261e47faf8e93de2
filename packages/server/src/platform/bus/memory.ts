import type { Bus } from './bus.ts';
import { createListeners } from './listeners.ts';

/**
 * The bus of a single process: nothing is ever lost.
 * @param onError a listener threw
 */
export function memoryBus(onError: (error: unknown) => void): Bus {
  const listeners = createListeners(onError);
  return {
    publish: message => listeners.tell(message, 'here'),
    subscribe: listener => listeners.add(listener),
    onLoss: () => () => undefined,
    ping: async () => {},
    close: async () => listeners.clear(),
  };
}
