import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import type { BenchResult } from './result.ts';

const benches: Record<string, () => Promise<{ run(): Promise<BenchResult> }>> = {
  packets: () => import('./packets.ts'),
  messages: () => import('./messages.ts'),
  uploads: () => import('./uploads.ts'),
  busy: () => import('./busy.ts'),
  search: () => import('./search.ts'),
  joins: () => import('./joins.ts'),
  startup: () => import('./startup.ts'),
  page: () => import('./page.ts'),
  scroll: () => import('./scroll.ts'),
  opening: () => import('./opening.ts'),
  history: () => import('./history.ts'),
  silence: () => import('./silence.ts'),
};
/** Minutes each, without a figure to compare, or in need of a browser: only when asked for. */
const byNameOnly = new Set(['history', 'silence', 'scroll', 'opening']);

/** `npm run bench [name…]`: runs each, prints a table, and writes all as JSON with the machine. */
const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !(name in benches));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
  date: new Date().toISOString(),
};
console.log(
  `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}`,
);

const results: BenchResult[] = [];
const usual = Object.keys(benches).filter(name => !byNameOnly.has(name));
for (const name of chosen.length > 0 ? chosen : usual) {
  const bench = await benches[name]?.();
  if (!bench) continue;
  const result = await bench.run();
  console.log(`\n${result.name}`);
  console.table(result.rows);
  for (const note of result.notes) console.log(`- ${note}`);
  results.push(result);
}
await writeFile(
  new URL('../result.json', import.meta.url),
  `${JSON.stringify({ machine, results }, null, 2)}\n`,
);
