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
  const load = async () => adopt(await call('GET /v1/me/backchannel'));
  return {
    choices: {
      getSnapshot: store.getSnapshot,
      subscribe: store.subscribe,
      load,
      change: async changes => {
        const before = store.getSnapshot();
        if (before) store.set({ ...before, ...changes });
        try {
          return adopt(await call('PATCH /v1/me/backchannel', { body: changes }));
        } catch (error) {
          const now = store.getSnapshot();
          const undone = before && Object.keys(changes).map(key => [key, before[key as keyof typeof before]]);
          if (now && undone) store.set({ ...now, ...Object.fromEntries(undone) });
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
