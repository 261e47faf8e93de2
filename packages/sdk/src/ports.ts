/** Time, as the SDK needs it. Milliseconds; replaced in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after `ms`; returns the way to call it off. */
  after(ms: number, run: () => void): () => void;
}

/** A number from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** Signs that the network or the person is back (then waiting is over), or that the person goes. */
export interface Wake {
  /** `online`: the network returned; `visible`: the page is looked at again. */
  subscribe(listener: (sign: 'online' | 'visible') => void): () => void;
  /** The page is no longer looked at, and may be gone the next moment. */
  onLeave?(listener: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The browser's own signs; none elsewhere. */
export const browserWake: Wake = {
  subscribe(listener) {
    if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
    const online = () => listener('online');
    const visible = () => {
      if (document.visibilityState === 'visible') listener('visible');
    };
    window.addEventListener('online', online);
    // A page that is new is shown, too: it has just begun.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) visible();
    };
    window.addEventListener('pageshow', shown);
    document.addEventListener('visibilitychange', visible);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('pageshow', shown);
      document.removeEventListener('visibilitychange', visible);
    };
  },
  onLeave(listener) {
    if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
    const hidden = () => {
      if (document.visibilityState === 'hidden') listener();
    };
    window.addEventListener('pagehide', listener);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('pagehide', listener);
      document.removeEventListener('visibilitychange', hidden);
    };
  },
};

/**
 * Full jitter: a wait between `floor` and `min(cap, floor * 2^(attempt + 1))` ms.
 * @param attempt failures so far, from 0
 */
export function fullJitter(attempt: number, random: Random, floor = 500, cap = 30_000): number {
  const ceiling = Math.min(cap, floor * 2 ** Math.min(attempt + 1, 16));
  return floor + random() * (ceiling - floor);
}
