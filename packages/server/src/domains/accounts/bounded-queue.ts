/**
 * Runs at most `running` pieces of work at once, and lets at most `waiting` wait for their turn.
 * @returns null, without having begun, where no place is left to wait in
 */
export function boundedQueue(limits: { running: number; waiting: number }) {
  const turns: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<{ result: T } | null> => {
    if (running >= limits.running) {
      if (turns.length >= limits.waiting) return null;
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>(resolve => turns.push(resolve));
    } else running += 1;
    try {
      return { result: await work() };
    } finally {
      const next = turns.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
