import { randomInt } from 'node:crypto';
import { busyPatience, explain, hasNats, judge, makeHistory } from '@sotto/testkit';
import { describe, expect, it } from 'vitest';

/** The choices of everyone and the order of faults follow from it; when exactly things meet does not. */
const seed = Number(process.env.SOTTO_SEED ?? randomInt(2 ** 31));
const found = hasNats();

describe.skipIf(!found)(
  found ? 'order under fire' : 'order under fire: left out, there is no nats-server here',
  () => {
    it('RT-2 RT-3 RT-4 RT-5 RT-6 RT-9 BC-3 BC-8 PE-5 thousands of things done by many on two processes, with everything failing in turn: no promise is broken', {
      timeout: 400_000,
    }, async () => {
      const history = await makeHistory({
        seed,
        people: 8,
        devicesEach: 3,
        operations: 8000,
        seconds: 30,
        faults: 8,
        least: 2500,
        restMs: [200, 700],
        thinkMs: 10,
      });
      const violations = judge(history.events, busyPatience);
      // All of the history is written down only where a promise is broken.
      if (violations.length > 0) expect.fail(explain(seed, history.events, violations));
      // That it was no calm day, and that people got much done all the same; a machine too busy for thousands is not to blame.
      expect(history.faults.size, `seed ${seed}`).toBeGreaterThan(2);
      expect(history.operations, `seed ${seed}`).toBeGreaterThan(1000);
      const answered = history.events.filter(({ kind }) => kind === 'acked').length;
      expect(answered, `seed ${seed}`).toBeGreaterThan(500);
      console.info(`history, seed ${seed}: ${history.operations} operations, ${answered} sends answered`);
    });
  },
);
