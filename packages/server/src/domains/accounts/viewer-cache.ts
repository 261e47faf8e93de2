import type { Viewer } from '../../edge/http/caller.ts';
import type { Bus, BusMessage } from '../../platform/bus/index.ts';

/** Whose token it was a moment ago, so that not every call asks the database: that was measured as 0.4 ms of CPU each. */
export interface ViewerCache {
  get(key: string): Viewer | undefined;
  /** Keeps what `load` answers, unless something was forgotten while it loaded: then the answer may be of before. */
  load(key: string, load: () => Promise<Viewer | null>): Promise<Viewer | null>;
  forgetSessions(sessions: readonly string[]): void;
  forgetAccount(account: string): void;
  close(): void;
}

/** Milliseconds after which the database is asked again, should the bus have lost the word (RT-9). */
const LIFETIME = 30_000;
const ENTRIES = 10_000;

export function createViewerCache(options: { bus: Bus; now(): Date }): ViewerCache {
  const entries = new Map<string, { viewer: Viewer; at: number }>();
  let forgotten = 0;

  const forget = (which: (viewer: Viewer) => boolean): void => {
    forgotten += 1;
    for (const [key, { viewer }] of entries) if (which(viewer)) entries.delete(key);
  };
  const forgetSessions = (sessions: readonly string[]): void => {
    const ended = new Set(sessions);
    forget(viewer => ended.has(viewer.session));
  };
  const forgetAccount = (account: string): void => forget(viewer => viewer.account === account);

  const ends = [
    options.bus.onLoss(() => forget(() => true)),
    options.bus.subscribe((message: BusMessage) => {
      if (message.kind === 'sessionsEnded') forgetSessions(message.sessions);
      else if (message.kind === 'frame' && message.frame.type === 'me') forgetAccount(message.frame.me.id);
    }),
  ];

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      const age = options.now().getTime() - entry.at;
      if (age >= 0 && age < LIFETIME) return entry.viewer;
      entries.delete(key);
      return undefined;
    },
    async load(key, load) {
      const before = forgotten;
      const at = options.now().getTime();
      const viewer = await load();
      if (viewer && before === forgotten) {
        entries.delete(key);
        entries.set(key, { viewer, at });
        // A Map keeps the order of insertion: the first is the oldest.
        const oldest = entries.keys().next();
        if (entries.size > ENTRIES && !oldest.done) entries.delete(oldest.value);
      }
      return viewer;
    },
    forgetSessions,
    forgetAccount,
    close: () => {
      for (const end of ends) end();
    },
  };
}
