import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { cleanEnv } from './cluster.ts';
import { isReady } from './leftover.ts';
import type { Location } from './location.ts';

/** The number is only part of the socket file's name; nothing listens on the network. */
export const socketPort = 5432;

/** Recovery after a power cut reads every file once. */
const readyLimitMs = 180_000;
const logLimitBytes = 5_000_000;

const settings = {
  listen_addresses: '',
  port: socketPort,
  unix_socket_permissions: '0700',
  max_connections: 200,
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: 0,
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Our log tells failed queries; here they would stand with people's words in them.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/** A running PostgreSQL, our child. */
export type Postmaster = {
  pid: number;
  /** Resolves with how it ended, whoever ended it. */
  ended: Promise<string>;
  /** Ends it: open transactions are rolled back, everything is written; after `limitMs` at once, to recover next time. */
  stop(limitMs: number): Promise<void>;
};

/** It ended before it took connections; `message` has what it said. */
export class PostmasterFailure extends Error {
  override readonly name = 'PostmasterFailure';
}

/**
 * Starts PostgreSQL and resolves when it takes connections.
 * @throws PostmasterFailure if it ends before.
 */
export async function startPostmaster(location: Location, binaries: Binaries): Promise<Postmaster> {
  const { cluster, socketFolder, logFile, user } = location;
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) rmSync(logFile);
  const output = openSync(logFile, 'a', 0o600);
  const from = statSync(logFile).size;
  const all = { ...settings, unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"` };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A session of its own: Ctrl-C goes to us alone, and we end it when the last query is done.
  const child = spawn(binaries.postgres, ['-D', cluster, ...args], {
    ...user,
    cwd: '/',
    env: cleanEnv,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = endOf(child);
  const pid = child.pid;
  if (pid === undefined) throw new PostmasterFailure(await ended);
  const letGo = leash(pid, location);
  ended.then(letGo, letGo);
  await ready(cluster, pid, child, ended, () => readFileSync(logFile, 'utf8').slice(from));
  return { pid, ended, stop: limitMs => stop(child, ended, limitMs) };
}

async function ready(
  cluster: string,
  pid: number,
  child: ChildProcess,
  ended: Promise<string>,
  said: () => string,
): Promise<void> {
  const deadline = performance.now() + readyLimitMs;
  while (!isReady(cluster, pid)) {
    const end = await Promise.race([ended, delay(15, undefined)]);
    if (end !== undefined) throw new PostmasterFailure(`${end}: ${said().trim().slice(-1000)}`);
    if (performance.now() > deadline) {
      child.kill('SIGQUIT');
      throw new PostmasterFailure(`PostgreSQL takes no connections after ${readyLimitMs / 1000} s`);
    }
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal === null ? `PostgreSQL ended with code ${code}` : `PostgreSQL ended by ${signal}`;
  } catch (error) {
    return `PostgreSQL could not be run: ${String(error)}`;
  }
}

async function stop(child: ChildProcess, ended: Promise<string>, limitMs: number): Promise<void> {
  child.kill('SIGINT');
  const patience = new AbortController();
  const late = delay(limitMs, 'late' as const, { signal: patience.signal }).catch(() => 'ended' as const);
  if ((await Promise.race([ended, late])) === 'late') child.kill('SIGQUIT');
  patience.abort();
  await ended;
}

/**
 * PostgreSQL must not outlive us, not even after a `kill -9`: a shell holds the other end of a pipe of ours, which the
 * kernel closes when we are gone. Returns what takes the leash off.
 */
function leash(pid: number, { user }: Location): () => void {
  const shell = spawn('/bin/sh', ['-c', 'read -r never; kill -INT "$1"', 'sh', String(pid)], {
    ...user,
    cwd: '/',
    env: cleanEnv,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.unref();
  return () => {
    shell.kill('SIGKILL');
  };
}
