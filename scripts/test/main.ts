import { browserTests, hasChromium } from './browsers.ts';
import { check, endAll, type Outcome } from './run.ts';
import { vitest } from './vitest.ts';

const total: Outcome = { passed: 0, failed: 0, skipped: [], output: '' };

/** Runs a section, tells how it went, and adds it up. */
async function section(name: string, work: () => Promise<Outcome>): Promise<void> {
  const start = performance.now();
  const { passed, failed, skipped, output } = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped.length > 0 && `${skipped.length} skipped`,
  ];
  if (failed > 0) console.log(`\n${output.trim()}\n`);
  console.log(`${failed > 0 ? '✘' : '✔'} ${name}: ${counts.filter(Boolean).join(', ')} in ${seconds} s`);
  for (const reason of skipped) console.log(`  skipped: ${reason}`);
  total.passed += passed;
  total.failed += failed;
  total.skipped.push(...skipped);
}

const isSound = (file: string) => file.startsWith('e2e/src/audio/');

async function browsers(project: 'e2e' | 'sound'): Promise<Outcome> {
  if (hasChromium()) return vitest(project);
  const left = browserTests().filter(file => isSound(file) === (project === 'sound'));
  const outcome = await vitest(project, left);
  const reasons = left.map(file => `${file} (needs Chromium: install it, or name it in CHROMIUM)`);
  return { ...outcome, skipped: [...outcome.skipped, ...reasons] };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    endAll();
    process.exit(130);
  });

const build = "import('./scripts/build-web.mjs').then(m => process.exit(m.ensureWebBuilt() ? 0 : 1))";

await section('Types', () => check('tsc', ['--noEmit']));
await section('Lint and format', () => check('biome', ['check', '--error-on-warnings', '.']));
await section('Boundaries', () => check('node', ['scripts/boundaries/main.ts']));
await section('Dead code', () => check('knip', ['--no-progress']));
await section('Web client', () => check('node', ['-e', build]));
await section('Units', () => vitest('unit'));
await section('Whole system and browsers', () => browsers('e2e'));
await section('Sound', () => browsers('sound'));

// On CI nothing may be left out unseen.
if (process.env.CI === 'true') total.failed += total.skipped.length;
const skipped =
  total.skipped.length > 0 && process.env.CI !== 'true' ? `, ${total.skipped.length} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed === 0 ? 0 : 1;
