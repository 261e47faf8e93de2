import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  clearAway,
  idsOfNobody,
  killAll,
  postgresBelow,
  runSotto,
  startSotto,
  temporaryFolder,
} from './sotto.ts';

const isRoot = process.getuid?.() === 0;
let folder: string;
let data: string;

beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder, 'data');
});

afterEach(() => clearAway(folder));

async function healthOf(url: string): Promise<number> {
  return (await fetch(`${url}/healthz`)).status;
}

describe('starting', () => {
  test('a first start makes its folder, serves, and says so in a few lines with how to sign in', async () => {
    const { url, lines } = await startSotto({ env: { SOTTO_DATA: data } });
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.join('\n')).toMatch(/code is printed here/);
    expect(lines.join('\n')).toContain(data);
    expect(await healthOf(url)).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(postgresBelow(data).length).toBeGreaterThan(0);
  });

  test('a second start on the same folder: one sentence, exit 1, and the first goes on', async () => {
    const { url } = await startSotto({ env: { SOTTO_DATA: data } });
    const second = await runSotto({ env: { SOTTO_DATA: data } });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/^The data folder .* is in use by another Sotto \(process \d+\): .*\.\n$/);
    expect(await healthOf(url)).toBe(200);
  });

  test('a taken TCP port: one sentence, exit 1, nothing left behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const ended = await runSotto({ env: { SOTTO_DATA: data, PORT: String(port) } });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      new RegExp(`^TCP port ${port} is taken by another program: .*PORT.*\\.\\n$`),
    );
    expect(postgresBelow(data)).toEqual([]);
    other.close();
    const { url } = await startSotto({ env: { SOTTO_DATA: data, PORT: String(port) } });
    expect(await healthOf(url)).toBe(200);
  });

  test('a taken UDP port: one sentence, exit 1, nothing left behind', async () => {
    const other = createSocket('udp4').bind(0, '0.0.0.0');
    await once(other, 'listening');
    const { port } = other.address();
    const ended = await runSotto({ env: { SOTTO_DATA: data, AUDIO_PORT: String(port) } });
    other.close();
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      new RegExp(`^UDP port ${port} is taken by another program: .*AUDIO_PORT.*\\.\\n$`),
    );
    expect(postgresBelow(data)).toEqual([]);
  });

  test('a folder whose path runs through a file: one sentence, exit 1', async () => {
    writeFileSync(join(folder, 'file'), 'mine');
    const ended = await runSotto({ env: { SOTTO_DATA: join(folder, 'file/data') } });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /^The data folder .* cannot be written \(part of its path is a file\): .*SOTTO_DATA.*\.\n$/,
    );
  });

  test.runIf(isRoot)('another user’s folder: one sentence, exit 1, nothing written', async () => {
    mkdirSync(data, { mode: 0o755 });
    const ended = await runSotto({ env: { SOTTO_DATA: data }, ...idsOfNobody() });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^The data folder .* cannot be written \(permission denied\): .*\.\n$/);
    expect(readdirSync(data)).toEqual([]);
  });

  test('wrong settings are all named, one sentence each, exit 1, and nothing is made', async () => {
    const ended = await runSotto({ env: { SOTTO_DATA: data, PORT: '99999', LOG_LEVEL: 'loud' } });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^PORT is "99999": it must be .*\.$/),
      expect.stringMatching(/^LOG_LEVEL is "loud": it must be .*\.$/),
    ]);
    expect(existsSync(data)).toBe(false);
  });

  test.runIf(isRoot)('it runs as a user who is not root', async () => {
    const nobody = idsOfNobody();
    const home = join(folder, 'home of nobody');
    mkdirSync(home);
    chownSync(home, nobody.uid, nobody.gid);
    const { url } = await startSotto({ env: { SOTTO_DATA: join(home, 'data'), HOME: home }, ...nobody });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test.runIf(isRoot)(
    'as root with its data in a private home, the database lies where PostgreSQL’s user can be',
    async () => {
      chmodSync(folder, 0o700);
      const { url, lines } = await startSotto({ env: { SOTTO_DATA: data } });
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      const place = /\/var\/lib\/sotto\/data-[0-9a-f]+/.exec(lines.join('\n'))?.[0] ?? '';
      expect(postgresBelow(place).length).toBeGreaterThan(0);
      killAll();
      await expect.poll(() => postgresBelow(place), { timeout: 10_000 }).toEqual([]);
      rmSync(place, { recursive: true });
    },
  );

  test('--help tells every setting and starts nothing', async () => {
    const command: [string, ...string[]] = ['node', 'scripts/start.mjs', '--help'];
    const { code, stdout } = await runSotto({ command, env: { SOTTO_DATA: data } });
    expect(code).toBe(0);
    expect(stdout).toContain('SOTTO_DATA');
    expect(existsSync(data)).toBe(false);
  });
});
