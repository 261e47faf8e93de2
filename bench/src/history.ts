import { randomInt } from 'node:crypto';
import { busyPatience, explain, judge, makeHistory, readHistory } from '@sotto/testkit';
import type { BenchResult } from './result.ts';

/**
 * The history of `e2e/src/history`, long: so many operations (`SOTTO_OPERATIONS`, else 100,000) under faults, judged. The seed is
 * told, or given in `SOTTO_SEED`. Or none is made, and one that was written down (`SOTTO_HISTORY`, a file) is judged again.
 */
export async function run(): Promise<BenchResult> {
  const { SOTTO_HISTORY: file } = process.env;
  if (file !== undefined) return again(file);
  const seed = Number(process.env.SOTTO_SEED ?? randomInt(2 ** 31));
  const operations = Number(process.env.SOTTO_OPERATIONS ?? 100_000);
  const history = await makeHistory({
    seed,
    people: 12,
    devicesEach: 2,
    operations,
    seconds: Number(process.env.SOTTO_SECONDS ?? 3600),
    faults: 0,
    least: 0,
    restMs: [500, 2500],
    thinkMs: 10,
    onProgress: line => console.log(line),
  });
  const violations = judge(history.events, busyPatience);
  if (violations.length > 0) {
    console.error(explain(seed, history.events, violations));
    process.exitCode = 1;
  }
  const count = (kind: string) => history.events.filter(event => event.kind === kind).length;
  const faults = [...history.faults.values()].reduce((sum, each) => sum + each, 0);
  return {
    name: 'Order under fire: 24 devices, two app processes, one PostgreSQL, one NATS',
    rows: [
      {
        operations: history.operations,
        'answered sends': count('acked'),
        deliveries: count('saw'),
        'rooms that ended': count('ended') / 2,
        'times out of a talk': count('out'),
        'talks switched, slowed': count('moderated'),
        faults,
        'events lost, doubled, late': history.busFaults,
        'broken promises': violations.length,
        seconds: Math.round(history.seconds),
        'operations/s': Math.round(history.operations / history.seconds),
      },
    ],
    notes: [
      `Seed ${seed}. Faults: ${[...history.faults].map(([name, times]) => `${name} × ${times}`).join(', ')}.`,
    ],
  };
}

function again(file: string): BenchResult {
  const events = readHistory(file);
  const violations = judge(events, busyPatience);
  if (violations.length > 0) {
    console.error(explain(null, events, violations, file));
    process.exitCode = 1;
  }
  return {
    name: 'Order under fire: a history that was written down, judged again',
    rows: [{ events: events.length, 'broken promises': violations.length }],
    notes: [file],
  };
}
