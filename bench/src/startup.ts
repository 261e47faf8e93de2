import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverProcess } from '@sotto/testkit';
import { percentile } from './messages/load.ts';
import type { BenchResult } from './result.ts';

const WARM_STARTS = 5;

/** From the start of the program to "Sotto is open": on an empty data folder, and on one that has been used. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  // As root, PostgreSQL runs as somebody else, who must get through.
  await chmod(folder, 0o711);
  const startAndStop = async (): Promise<{ start: number; stop: number }> => {
    const begun = performance.now();
    const server = await serverProcess(folder);
    const open = performance.now();
    await server.stop();
    return { start: open - begun, stop: performance.now() - open };
  };
  try {
    const cold = await startAndStop();
    const warm: { start: number; stop: number }[] = [];
    for (let each = 0; each < WARM_STARTS; each++) warm.push(await startAndStop());
    const median = (part: 'start' | 'stop') =>
      Math.round(
        percentile(
          warm.map(one => one[part]).sort((a, b) => a - b),
          50,
        ),
      );
    return {
      name: 'Start and stop, after the install',
      rows: [
        { what: 'cold start: the database is made', value: Math.round(cold.start), unit: 'ms' },
        { what: 'warm start, median', value: median('start'), unit: 'ms' },
        { what: 'stop, median', value: median('stop'), unit: 'ms' },
      ],
      notes: [
        `${WARM_STARTS} warm starts. Without npm and without the build of the web client, which is kept.`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
