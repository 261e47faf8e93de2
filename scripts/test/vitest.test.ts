import { describe, expect, test } from 'vitest';
import { countTests } from './vitest.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((one, index) => ({ fullName: `test ${index}`, status: one })),
});

describe('the count of tests', () => {
  test('tests are counted, and skipped ones named', () => {
    const report = {
      testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed', 'todo')],
    };
    expect(countTests(report, false)).toEqual({ passed: 2, failed: 1, skipped: ['test 2', 'test 1'] });
  });

  test('a file that does not load is a failure', () => {
    expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] }, false).failed).toBe(1);
  });

  test('an error outside of any test is a failure', () => {
    expect(countTests({ testResults: [file('passed', 'passed')] }, false).failed).toBe(1);
  });
});
