import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@sotto/testkit';

/** The clone's folder. */
export const clone = fileURLToPath(new URL('../../..', import.meta.url));

export type Sotto = {
  child: ChildProcess;
  /** Of the line that says where it is open. */
  url: string;
  /** What it told the operator until it was ready. */
  lines: string[];
};

export type Ended = { code: number | null; stdout: string; stderr: string };

export type Launch = {
  env?: Record<string, string>;
  uid?: number;
  gid?: number;
  cwd?: string;
  /** Instead of the server's main.ts under this Node. */
  command?: [string, ...string[]];
};

const started = new Set<ChildProcess>();

/** Starts a Sotto of its own process group and resolves when it says where it is open. */
export async function startSotto(launch: Launch): Promise<Sotto> {
  const { child, output } = spawnSotto(launch);
  const lines = new Promise<string[]>((resolve, reject) => {
    const look = () => {
      if (/Ctrl-C/.test(output.stdout)) resolve(output.stdout.trimEnd().split('\n'));
    };
    child.stdout?.on('data', look);
    child.on('close', () => reject(new Error(`it did not start: ${output.stderr}${output.stdout}`)));
  });
  const told = await lines;
  return { child, lines: told, url: /open at (\S+)/.exec(told.join('\n'))?.[1] ?? '' };
}

/** Starts a Sotto that is expected to end by itself. */
export async function runSotto(launch: Launch): Promise<Ended> {
  const { child, output } = spawnSotto(launch);
  const [code] = await once(child, 'close');
  return { code, ...output };
}

/** Sends a signal to the whole group, as a terminal does on Ctrl-C, and waits for the end. */
export async function endGroup({ child }: Sotto, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit');
  process.kill(-(child.pid ?? 0), signal);
  const [code] = await ended;
  return code;
}

export function killAll(): void {
  for (const child of started) {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  started.clear();
}

/** For `afterEach`: nothing outlives a test, failed or not. What goes on for a moment in the folder is waited for. */
export async function clearAway(folder: string): Promise<void> {
  killAll();
  await eventually(() => postgresBelow(folder).length === 0, { limit: 30_000 });
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Starts a Sotto and waits for nothing. */
export function spawnSotto({ env, uid, gid, cwd = clone, command }: Launch) {
  const [program, ...args] = command ?? [process.execPath, join(clone, 'packages/server/src/main.ts')];
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: tmpdir(),
      HOST: '127.0.0.1',
      PORT: '0',
      AUDIO_PORT: '0',
      LOG_LEVEL: 'error',
      ...env,
    },
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  started.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', data => {
    output.stdout += data;
  });
  child.stderr.on('data', data => {
    output.stderr += data;
  });
  return { child, output };
}

/** A folder that everyone may pass through, as a home usually is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto e2e '));
  chmodSync(folder, 0o755);
  return folder;
}

/** The PostgreSQL processes whose cluster lies below a folder. */
export function postgresBelow(folder: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    });
}

export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export function idsOfNobody(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
