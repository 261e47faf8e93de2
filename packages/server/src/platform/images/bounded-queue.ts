/**
 * Runs at most `running` pieces of work at once.
 * @returns what runs one: it waits for its turn where fewer than `waiting` others do, else gives null without having begun
 */
export function boundedQueue(running: number) {
  const turns: (() => void)[] = [];
  let begun = 0;
  return async <T>(work: () => Promise<T>, waiting: number): Promise<{ result: T } | null> => {
    if (begun >= running) {
      if (turns.length >= waiting) return null;
      // Whoever ends hands its place over, so `begun` stays as it is.
      await new Promise<void>(resolve => turns.push(resolve));
    } else begun += 1;
    try {
      return { result: await work() };
    } finally {
      const next = turns.shift();
      if (next) next();
      else begun -= 1;
    }
  };
}
