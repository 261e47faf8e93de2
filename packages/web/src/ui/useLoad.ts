import { useCallback, useEffect, useState } from 'react';
import { onceBack } from './back.ts';

export type Loaded<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown };

/**
 * Loads when `key` changes, again by `reload`, and by itself once there is a network again where there was none; what arrives
 * late for an old key is dropped.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>) {
  const [loaded, setLoaded] = useState<Loaded<T> & { key: string }>({ state: 'loading', key });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what `load` closes over.
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      value => !controller.signal.aborted && setLoaded({ state: 'ready', value, key }),
      error => !controller.signal.aborted && setLoaded({ state: 'failed', error, key }),
    );
    return () => controller.abort();
  }, [key, turn]);
  const reload = useCallback(() => {
    setLoaded(now => (now.state === 'failed' ? { state: 'loading', key: now.key } : now));
    setTurn(now => now + 1);
  }, []);
  const cutOff = loaded.state === 'failed' && isCutOff(loaded.error) ? loaded : null;
  useEffect(() => (cutOff ? onceBack(reload) : undefined), [cutOff, reload]);
  const change = useCallback(
    (next: (value: T) => T) =>
      setLoaded(now => (now.state === 'ready' ? { ...now, value: next(now.value) } : now)),
    [],
  );
  const current: Loaded<T> = loaded.key === key ? loaded : { state: 'loading' };
  return { ...current, loaded: current, reload, change };
}

/** Nothing came back, as far as the error's code tells. */
function isCutOff(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'offline' || code === 'timeout';
}

/**
 * Loads again by itself when the server has said so.
 * @param seconds after which it may be asked again; null where it did not say
 */
export function useAgainLater(seconds: number | null, reload: () => void): void {
  useEffect(() => {
    if (seconds === null) return;
    const timer = setTimeout(reload, seconds * 1000);
    return () => clearTimeout(timer);
  }, [seconds, reload]);
}
