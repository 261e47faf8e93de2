import { describe, expect, test } from 'vitest';
import { boundedQueue } from './bounded-queue.ts';

describe('PE-4: the queue of pictures', () => {
  test('PE-4 no more run at once than allowed, no more wait than allowed, all others are done', async () => {
    const inTurn = boundedQueue(2);
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const work = async (index: number) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>(resolve => gates.push(resolve));
      running -= 1;
      if (index === 1) throw new Error('one fails');
      return index;
    };
    const all = Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map(index => inTurn(() => work(index), 3)));
    let settled = false;
    void all.then(() => {
      settled = true;
    });
    while (!settled) {
      gates.shift()?.();
      await new Promise(resolve => setImmediate(resolve));
    }
    const results = await all;
    expect(most).toBe(2);
    expect(
      results.map(result => (result.status === 'fulfilled' ? (result.value?.result ?? null) : 'failed')),
    ).toEqual([0, 'failed', 2, 3, 4, null, null]);
    expect(await inTurn(async () => 'free again', 0)).toEqual({ result: 'free again' });
  });
});
