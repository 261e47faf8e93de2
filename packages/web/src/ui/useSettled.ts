import { useEffect, useState } from 'react';

/** Milliseconds without a key after which somebody has typed what they look for. */
const QUIET = 250;

/** What is typed, once nothing was typed for a moment; `first` until then. */
export function useSettled(typed: string, first: string): string {
  const [settled, setSettled] = useState(first);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), QUIET);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
