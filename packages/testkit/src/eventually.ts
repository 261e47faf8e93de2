import { setTimeout as wait } from 'node:timers/promises';

/**
 * Calls `attempt` until it returns (and does not throw or return false), and gives back what it returned.
 * @throws the last error once `limit` ms have gone by
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { limit = 10_000, every = 20 }: { limit?: number; every?: number } = {},
): Promise<Exclude<T, false>> {
  const last = performance.now() + limit;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== false) return result as Exclude<T, false>;
      if (performance.now() > last) throw new Error(`eventually: still false after ${limit} ms`);
    } catch (error) {
      if (performance.now() > last) throw error;
    }
    await wait(every);
  }
}
