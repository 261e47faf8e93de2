import { useCallback, useRef, useState } from 'react';

/** Something a person asks for: one at a time, with what went wrong kept until the next try. */
export function useAction<A extends unknown[]>(run: (...args: A) => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const latest = useRef(run);
  latest.current = run;
  const running = useRef(false);
  const start = useCallback((...args: A) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    latest
      .current(...args)
      .catch(setError)
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  }, []);
  return { start, busy, error, clear: useCallback(() => setError(undefined), []) };
}
