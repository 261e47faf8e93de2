/** What React's `useSyncExternalStore` takes: an immutable snapshot, and word when there is another. */
export interface Readable<T> {
  getSnapshot(): T;
  /** Returns the way to stop listening. */
  subscribe(listener: () => void): () => void;
}

export interface Store<T> extends Readable<T> {
  /** The same snapshot again is no news. */
  set(next: T): void;
  update(change: (now: T) => T): void;
}

export function createStore<T>(initial: T): Store<T> {
  let snapshot = initial;
  const listeners = new Set<() => void>();
  const set = (next: T) => {
    if (Object.is(next, snapshot)) return;
    snapshot = next;
    for (const listener of [...listeners]) listener();
  };
  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set,
    update: change => set(change(snapshot)),
  };
}

/** Resolves with the first snapshot that `accept` takes, now or later. Rejects when `signal` aborts. */
export function until<T, S extends T>(
  store: Readable<T>,
  accept: (snapshot: T) => snapshot is S,
  signal?: AbortSignal,
): Promise<S>;
export function until<T>(
  store: Readable<T>,
  accept: (snapshot: T) => boolean,
  signal?: AbortSignal,
): Promise<T>;
export function until<T>(
  store: Readable<T>,
  accept: (snapshot: T) => boolean,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    const look = () => {
      const snapshot = store.getSnapshot();
      if (!accept(snapshot)) return false;
      stop();
      resolve(snapshot);
      return true;
    };
    if (signal?.aborted) return reject(signal.reason);
    if (look()) return;
    const abort = () => {
      stop();
      reject(signal?.reason);
    };
    const unsubscribe = store.subscribe(look);
    signal?.addEventListener('abort', abort, { once: true });
    stop = () => {
      unsubscribe();
      signal?.removeEventListener('abort', abort);
    };
  });
}
