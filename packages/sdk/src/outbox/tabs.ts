import type { Settled } from './types.ts';

/** What tabs of one account tell each other. */
export type TabWord =
  | { readonly kind: 'changed' }
  /** Still at work: a large file takes its time. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'settled'; readonly settled: Settled };

/** Other tabs (or none) of the same account on this device. */
export interface Tabs {
  /** Runs `work` while no other tab does. */
  alone(work: () => Promise<void>): Promise<void>;
  tell(word: TabWord): void;
  /** Returns the way to stop listening. */
  listen(listener: (word: TabWord) => void): () => void;
}

export const noTabs: Tabs = {
  alone: work => work(),
  tell() {},
  listen: () => () => {},
};

/** A frozen tab may hold the lock for ever; after this long without a word the work goes on without: a repeat is harmless (RT-2). */
const LOCK_PATIENCE = 30_000;

/** Tabs of a browser, by Web Locks and BroadcastChannel, as far as it has them. */
export function browserTabs(account: string): Tabs {
  const name = `sotto-outbox-${account}`;
  /** Null where there is none, or once it is closed: a message may still settle then. */
  let channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  let heard = () => {};
  return {
    async alone(work) {
      if (!locks) return work();
      const patience = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      heard = () => {
        clearTimeout(timer);
        timer = setTimeout(() => patience.abort(), LOCK_PATIENCE);
      };
      heard();
      let started = false;
      try {
        await locks.request(name, { signal: patience.signal }, () => {
          started = true;
          clearTimeout(timer);
          heard = () => {};
          return work();
        });
      } catch (error) {
        if (started) throw error;
        await work();
      }
    },
    tell: word => channel?.postMessage(word),
    listen(listener) {
      if (!channel) return () => {};
      channel.onmessage = event => {
        heard();
        listener(event.data as TabWord);
      };
      return () => {
        channel?.close();
        channel = null;
      };
    },
  };
}
