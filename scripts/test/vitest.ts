import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runTool } from './run.ts';

/** The part of vitest's JSON report that is read. */
export type Report = { testResults: { name: string; status: string; assertionResults: Assertion[] }[] };
type Assertion = { fullName: string; status: string };

/** Runs one vitest project. */
export async function vitest(project: string, exclude: string[] = []): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-report-'));
  const file = join(folder, 'report.json');
  const args = [
    'run',
    '--project',
    project,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { ok, output } = await runTool('vitest', [...args, ...exclude.flatMap(path => ['--exclude', path])]);
  try {
    return { ...countTests(JSON.parse(readFileSync(file, 'utf8')) as Report, ok), output };
  } catch (error) {
    return { passed: 0, failed: 1, skipped: [], output: `${output}\nno report: ${error}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Counts tests. A file that does not load has none, and counts as one failure; so does an error outside of any test,
 * which only vitest's exit code tells.
 */
export function countTests({ testResults }: Report, ok: boolean): Omit<Outcome, 'output'> {
  const tests = testResults.flatMap(file => file.assertionResults);
  const failedTests = tests.filter(test => test.status === 'failed').length;
  const brokenFiles = testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  ).length;
  const failed = failedTests + brokenFiles;
  return {
    passed: tests.filter(test => test.status === 'passed').length,
    failed: failed === 0 && !ok ? 1 : failed,
    skipped: tests.filter(test => !['passed', 'failed'].includes(test.status)).map(test => test.fullName),
  };
}
