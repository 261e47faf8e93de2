import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log/index.ts';

const patientMs = 20_000;
const limitMs = 40_000;

/**
 * Ends the PostgreSQL that a killed Sotto left running on this cluster, cleanly, so that there is never a second one.
 * Only with the folder's lock in hand.
 */
export async function endLeftover(cluster: string, log: Log): Promise<void> {
  const pid = recordedPid(cluster);
  if (pid === undefined) return;
  if (!runsOn(pid, cluster)) return disown(cluster, pid);
  log.info({ pid }, 'ending the PostgreSQL of a Sotto that was killed');
  const start = performance.now();
  process.kill(pid, 'SIGINT');
  let patient = true;
  while (runsOn(pid, cluster)) {
    const waited = performance.now() - start;
    if (waited > limitMs) throw new Error(`PostgreSQL (process ${pid}) does not end`);
    if (patient && waited > patientMs) {
      patient = false;
      process.kill(pid, 'SIGQUIT');
    }
    await delay(20);
  }
}

/** The process in `postmaster.pid`, which may be long gone. */
export function recordedPid(cluster: string): number | undefined {
  const line = readIfThere(pidFile(cluster))?.split('\n')[0];
  const pid = Number(line);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** Whether `postmaster.pid` says that this process takes connections. */
export function isReady(cluster: string, pid: number): boolean {
  const lines = readIfThere(pidFile(cluster))?.split('\n') ?? [];
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

/**
 * PostgreSQL refuses to start if the recorded process is alive, though after a reboot the number may be anyone's. Our
 * own number, its parent's, tells it not to mind that, but keeps its check for memory that old children still hold.
 */
function disown(cluster: string, pid: number): void {
  const file = pidFile(cluster);
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  if (isAlive(pid)) writeFileSync(file, [process.pid, ...rest].join('\n'));
}

/** A postmaster's working directory is its cluster: surer than a number that may have been given again. */
function runsOn(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') return commandOf(pid).includes(` -D ${cluster} `);
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    return `${execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim()} `;
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pidFile(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
