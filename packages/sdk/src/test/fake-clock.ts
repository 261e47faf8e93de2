import type { Clock } from '../ports.ts';

export interface FakeClock extends Clock {
  /** Lets time pass: timers run in their order, and what they awaited settles in between. */
  pass(ms: number): Promise<void>;
  /** How many timers wait. */
  pending(): number;
}

/** Time that stands still until told to pass. */
export function fakeClock(start = 1_000_000): FakeClock {
  let now = start;
  let count = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  /** Microtasks and I/O callbacks that are due get their turn. */
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve));
  };
  return {
    now: () => now,
    after(ms, run) {
      count += 1;
      const id = count;
      timers.set(id, { at: now + ms, run });
      return () => timers.delete(id);
    },
    pending: () => timers.size,
    async pass(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].run();
        await settle();
      }
      now = end;
    },
  };
}
