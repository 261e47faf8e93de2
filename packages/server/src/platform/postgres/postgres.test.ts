import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../log/index.ts';
import type { Connection } from './database.ts';
import { type Postgres, startPostgres } from './index.ts';
import { recordedPid } from './leftover.ts';
import { testDatabase } from './testing.ts';

const log = createLog({ level: 'silent', format: 'json' });
const isRoot = process.getuid?.() === 0;

let dataDir: string;
const running: Postgres[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sotto postgres '));
  chmodSync(dataDir, 0o711);
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(folder = dataDir): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir: folder, log });
  running.push(postgres);
  return postgres;
}

async function query(connection: Connection, sql: string): Promise<unknown[]> {
  const client = new Client(connection);
  // A server that ends under us says so on the connection too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** A Sotto of its own process that only runs PostgreSQL, to be killed. */
async function startChild(): Promise<ChildProcess> {
  const script = `
    const { startPostgres } = await import(${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))});
    const { createLog } = await import(${JSON.stringify(fileURLToPath(new URL('../log/index.ts', import.meta.url)))});
    await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: createLog({ level: 'warn', format: 'json' }) });
    console.log('up');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** A process that has ended stays in the table until its new parent looks. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

describe('the embedded PostgreSQL', () => {
  test('starts durable, in UTF-8, reached by a private socket file and by nothing else', async () => {
    const { connection } = await start();
    const settings =
      "select current_setting(s) from unnest('{fsync,synchronous_commit,listen_addresses,server_encoding}'::text[]) s";
    expect(await query(connection, settings)).toEqual(['on', 'on', '', 'UTF8']);
    expect(lstatSync(connection.host).mode & 0o777).toBe(0o700);
    expect(await query(connection, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
      false,
    ]);
  });

  test('keeps what was written over a stop and a start', async () => {
    const first = await start();
    await query(first.connection, 'create table kept as select 7 as n');
    await first.stop();
    const { connection } = await start();
    expect(await query(connection, 'select n from kept')).toEqual([7]);
  });

  test('a path too long for a socket file has its socket elsewhere', async () => {
    const long = join(dataDir, 'x'.repeat(120));
    mkdirSync(long, { mode: 0o711 });
    const { connection } = await start(long);
    expect(connection.host.length).toBeLessThan(90);
    expect(await query(connection, 'select 1')).toEqual([1]);
    await running[0]?.stop();
    rmSync(connection.host, { recursive: true });
  });

  test('a second one on the same folder is refused in one sentence, and the first goes on', async () => {
    const { connection } = await start();
    await expect(startPostgres({ dataDir, log })).rejects.toThrow(/is in use by another Sotto/);
    expect(await query(connection, 'select 1')).toEqual([1]);
  });

  test('a kill during initdb harms nothing', async () => {
    const script = `const { startPostgres } = await import(${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))});
      await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: undefined });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const folder = join(dataDir, 'postgres');
    const half = () => readdirSync(folder).filter(name => name.startsWith('half-'));
    await vi.waitFor(() => {
      expect(half().flatMap(name => readdirSync(join(folder, name))).length).toBeGreaterThan(3);
    }, 10_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(folder, 'cluster'))).toBe(false);
    const { connection } = await start();
    expect(await query(connection, 'select 1')).toEqual([1]);
    await running[0]?.stop();
    await start();
    expect(half()).toEqual([]);
  });

  test('after a kill -9 of ours, it ends by itself, and the next start just works', async () => {
    const child = await startChild();
    const cluster = join(dataDir, 'postgres/cluster');
    const pid = recordedPid(cluster) ?? 0;
    child.kill('SIGKILL');
    const { connection } = await start();
    expect(await query(connection, 'select 1')).toEqual([1]);
    expect(recordedPid(cluster)).not.toBe(pid);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
  });

  test('after a kill -9 without another start, nothing is left running', async () => {
    const child = await startChild();
    const pid = recordedPid(join(dataDir, 'postgres/cluster')) ?? 0;
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
  });

  test('a recorded process that is someone else’s by now is neither minded nor harmed', async () => {
    const { folder, stop, connection } = await start();
    const owner = lstatSync(join(folder, 'cluster'));
    await query(connection, 'create table kept as select 7 as n');
    await stop();
    const stranger = spawn('sleep', ['60'], { uid: owner.uid, gid: owner.gid, cwd: '/' });
    try {
      const lines = [stranger.pid, join(folder, 'cluster'), 1, 5432, '/tmp', '', '0 0', 'ready'];
      writeFileSync(join(folder, 'cluster/postmaster.pid'), `${lines.join('\n')}\n`);
      const again = await start();
      expect(await query(again.connection, 'select n from kept')).toEqual([7]);
      expect(stranger.exitCode).toBeNull();
      expect(isAlive(stranger.pid ?? 0)).toBe(true);
    } finally {
      stranger.kill();
    }
  });

  test('when it is killed under us, it is started again and keeps what was acknowledged', async () => {
    const { connection, folder } = await start();
    await query(connection, 'create table kept as select 7 as n');
    process.kill(recordedPid(join(folder, 'cluster')) ?? 0, 'SIGKILL');
    await vi.waitFor(async () => expect(await query(connection, 'select n from kept')).toEqual([7]), 15_000);
  });

  test('when it cannot be started again, that is told once, and a stop still works', async () => {
    const onLost = vi.fn();
    const postgres = await startPostgres({ dataDir, log, onLost });
    running.push(postgres);
    writeFileSync(join(postgres.folder, 'cluster/global/pg_control'), 'broken');
    process.kill(recordedPid(join(postgres.folder, 'cluster')) ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce(), 18_000);
  });

  test('a cluster of another version is refused in one sentence', async () => {
    const { folder, stop } = await start();
    await stop();
    writeFileSync(join(folder, 'cluster/PG_VERSION'), '15\n');
    await expect(startPostgres({ dataDir, log })).rejects.toThrow(/made by PostgreSQL 15, and this is 18/);
  });

  test.runIf(isRoot)('as root it runs as nobody, and from a private home outside of it', async () => {
    chmodSync(dataDir, 0o700);
    const { folder, connection, stop } = await start();
    const link = join(dataDir, 'postgres');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readlinkSync(link)).toBe(folder);
    expect(folder).toMatch(/^\/var\/lib\/sotto\/data-/);
    expect(lstatSync(join(folder, 'cluster')).uid).toBe(Number(execFileSync('id', ['-u', 'nobody'])));
    await query(connection, 'create table kept as select 7 as n');
    await stop();
    const again = await start();
    expect(await query(again.connection, 'select n from kept')).toEqual([7]);
    await again.stop();
    rmSync(folder, { recursive: true });
  });

  test('its own log holds nothing of what people write', async () => {
    const { connection, folder } = await start();
    await query(connection, "select 1/0, 'whispered'").catch(() => undefined);
    await query(connection, "select 'whispered'::int").catch(() => undefined);
    expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).not.toContain('whispered');
  });
});

describe('databases of tests', () => {
  test('each is migrated, empty, and apart from the others', async () => {
    const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
    expect(one.connection.database).not.toBe(two.connection.database);
    await query(one.connection, 'create table mine as select 1 as n');
    expect(await query(two.connection, "select to_regclass('mine')")).toEqual([null]);
    expect(await query(two.connection, 'select count(*)::int from kysely_migration')).not.toEqual([0]);
    await Promise.all([one.drop(), two.drop()]);
  });
});
