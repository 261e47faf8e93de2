import type { BackchannelChoices, ServerFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { createStore } from '../stores/store.ts';
import type { Choices } from './types.ts';

export interface ChoicesService {
  readonly choices: Choices;
  handle(frame: ServerFrame): void;
  /** Loads anew what was loaded before. */
  refresh(): void;
}

/** Who may write to you, receipts, and what you hold back (BC-8, BC-15, BC-17). */
export function createChoices(call: Call): ChoicesService {
  const store = createStore<BackchannelChoices | null>(null);
  const adopt = (choices: BackchannelChoices): BackchannelChoices => {
    store.set(choices);
    return choices;
  };
  /** One change after the other, so that the last one said is the last one kept. */
  let queue: Promise<unknown> = Promise.resolve();
  const load = async () => adopt(await call('GET /v1/me/backchannel'));
  return {
    choices: {
      getSnapshot: store.getSnapshot,
      subscribe: store.subscribe,
      load,
      change: async changes => {
        // What is switched shows at once. Lists are shown as the server keeps them.
        const { heldWords: _words, heldHosts: _hosts, ...switched } = changes;
        const before = store.getSnapshot();
        if (before) store.set({ ...before, ...switched });
        const sent = queue.then(() => call('PATCH /v1/me/backchannel', { body: changes }));
        queue = sent.catch(() => undefined);
        try {
          return adopt(await sent);
        } catch (error) {
          const now = store.getSnapshot();
          if (before && now)
            store.set({
              ...now,
              ...('whoMayWrite' in switched && { whoMayWrite: before.whoMayWrite }),
              ...('receipts' in switched && { receipts: before.receipts }),
            });
          throw error;
        }
      },
    },
    handle(frame) {
      if (frame.type === 'backchannelChoices') adopt(frame.choices);
    },
    refresh() {
      if (store.getSnapshot()) void load().catch(() => {});
    },
  };
}
