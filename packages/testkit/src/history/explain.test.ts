import { appendFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { explain, readHistory } from './explain.ts';
import { judge } from './judge.ts';
import { sending } from './made.ts';

/** Answered, and not in the log at the end. */
const lost = [
  { t: 0, ...sending(1) },
  { t: 10, kind: 'acked' as const, op: 1, id: 'm1', seq: 1 },
  { t: 20, kind: 'truth' as const, conversation: 'talk', place: 'direct' as const, entries: [] },
];

test('a history that was written down is read again whole, judged alike and explained alike', () => {
  const violations = judge(lost);
  expect(violations.map(({ rule }) => rule)).toContain('lost');
  const told = explain(7, lost, violations);
  expect(told).toContain('SOTTO_SEED=7');
  const [, file = ''] = /SOTTO_HISTORY=(\S+)/.exec(told) ?? [];
  onTestFinished(() => rmSync(dirname(file), { recursive: true }));
  const read = readHistory(file);
  expect(read).toEqual(lost);
  expect(judge(read)).toEqual(violations);
  expect(explain(7, read, judge(read), file)).toBe(told);
  expect(explain(null, read, judge(read), file)).not.toContain('SOTTO_SEED');

  appendFileSync(file, '{"t":30,"kind":');
  expect(() => readHistory(file)).toThrow('line 4');
});
