import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  clearAway,
  clone,
  endGroup,
  isAlive,
  postgresBelow,
  spawnSotto,
  startSotto,
  temporaryFolder,
} from './sotto.ts';

const stopLimitMs = 5_000;
let folder: string;
let data: string;

beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder, 'data');
});

afterEach(() => clearAway(folder));

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends it cleanly with exit 0, PostgreSQL too',
    async signal => {
      const sotto = await startSotto({ env: { SOTTO_DATA: data } });
      const start = performance.now();
      expect(await endGroup(sotto, signal)).toBe(0);
      expect(performance.now() - start).toBeLessThan(stopLimitMs);
      expect(postgresBelow(data)).toEqual([]);
    },
  );

  test('one Ctrl-C that arrives twice is one', async () => {
    const sotto = await startSotto({ env: { SOTTO_DATA: data } });
    sotto.child.kill('SIGINT');
    expect(await endGroup(sotto, 'SIGINT')).toBe(0);
    expect(postgresBelow(data)).toEqual([]);
  });

  test('a Ctrl-C while it makes its database ends it as well, and the next start works', async () => {
    const { child } = spawnSotto({ env: { SOTTO_DATA: data } });
    await expect.poll(() => postgresBelow(data).length, { interval: 10, timeout: 30_000 }).toBeGreaterThan(0);
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    const [code] = await ended;
    expect(code).toBe(0);
    const next = await startSotto({ env: { SOTTO_DATA: data } });
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
  });

  test('after a kill -9, the next start just works', async () => {
    const first = await startSotto({ env: { SOTTO_DATA: data } });
    await endGroup(first, 'SIGKILL');
    const second = await startSotto({ env: { SOTTO_DATA: data } });
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await endGroup(second, 'SIGINT')).toBe(0);
  });

  test('npm start from a private clone with spaces in its path; Ctrl-C to the whole group ends all of it', async () => {
    const place = privateClone();
    const sotto = await startSotto({ command: ['npm', 'start'], cwd: place });
    expect((await fetch(`${sotto.url}/readyz`)).status).toBe(200);
    expect((await fetch(sotto.url)).headers.get('content-type')).toContain('text/html');
    const start = performance.now();
    await endGroup(sotto, 'SIGINT');
    await expect.poll(() => processesIn(place), { timeout: stopLimitMs }).toEqual([]);
    expect(performance.now() - start).toBeLessThan(stopLimitMs);
    // As root, the database lies where its user can be.
    rmSync(realpathSync(join(place, 'data/postgres')), { recursive: true });
  });

  test('a kill -9 of npm alone leaves nothing running', async () => {
    const sotto = await startSotto({ command: ['npm', 'start'], env: { SOTTO_DATA: data } });
    const serving = postgresBelow(data);
    expect(serving.length).toBeGreaterThan(0);
    sotto.child.kill('SIGKILL');
    await expect.poll(() => postgresBelow(data), { timeout: 30_000 }).toEqual([]);
    await expect
      .poll(
        () =>
          fetch(sotto.url).then(
            () => 'up',
            () => 'gone',
          ),
        { timeout: 30_000 },
      )
      .toBe('gone');
  });
});

/** The clone once more, in a home that only its owner can enter; files are shared, not copied. */
function privateClone(): string {
  const home = join(folder, 'private home');
  const place = join(home, 'my sotto');
  mkdirSync(place, { recursive: true });
  chmodSync(home, 0o700);
  const parts = ['package.json', 'package-lock.json', 'scripts', 'packages', 'e2e', 'bench', 'node_modules'];
  const copy = (how: string) =>
    execFileSync('cp', [how, ...parts.map(part => join(clone, part)), place], { stdio: 'ignore' });
  try {
    copy('-al');
  } catch {
    // Links do not cross file systems.
    copy('-a');
  }
  return place;
}

function processesIn(place: string): number[] {
  return postgresBelow(place).filter(isAlive);
}
