import { eventually } from '@sotto/testkit';
import { expect } from 'vitest';

/** What `read` gives is, or within `limit` ms becomes, `expected`. Unlike `expect.poll`, also in concurrent tests. */
export async function soon<T>(read: () => T | Promise<T>, expected: unknown, limit = 20_000): Promise<void> {
  await eventually(
    async () => {
      expect(await read()).toEqual(expected);
    },
    { limit, every: 50 },
  );
}
