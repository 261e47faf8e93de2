import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A real `nats-server` on loopback, for tests. */
export interface TestNats {
  readonly port: number;
  /** As `NATS_URL`. */
  readonly url: string;
  /** As a power cut would end it, or as an operator does. */
  stop(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Again, on the same port. */
  start(): Promise<void>;
  /** Nothing is read or written until `thaw`: the connections stay, half open. */
  freeze(): void;
  thaw(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Whether this machine has one. Where everything must be tested (`CI`), that it is missing is an error. */
export function hasNats(): boolean {
  const found = spawnSync('nats-server', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!found && process.env.CI === 'true')
    throw new Error('nats-server is missing: install it (Debian: nats-server)');
  return found;
}

export async function startNats(options: readonly string[] = []): Promise<TestNats> {
  let { child, port } = await run('-1');

  async function run(wanted: string): Promise<{ child: ChildProcess; port: number }> {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-nats-'));
    try {
      const flags = ['--addr', '127.0.0.1', '--port', wanted, '--ports_file_dir', folder, ...options];
      const started = spawn('nats-server', flags, { stdio: 'ignore' });
      leash(started);
      return { child: started, port: await portOf(started, folder) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  const stop = async (signal: 'SIGKILL' | 'SIGTERM' = 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  };
  return {
    get port() {
      return port;
    },
    get url() {
      return `nats://127.0.0.1:${port}`;
    },
    stop,
    start: async () => {
      ({ child, port } = await run(String(port)));
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => stop('SIGKILL'),
  };
}

/** It ends with us, however we end: the shell's input closes then. */
function leash(child: ChildProcess): void {
  const shell = spawn('/bin/sh', ['-c', 'read -r never; kill -9 "$1"', 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('exit', () => shell.kill('SIGKILL'));
}

/** It writes the port it took to a file, once it listens. */
async function portOf(child: ChildProcess, folder: string): Promise<number> {
  const last = performance.now() + 10_000;
  while (performance.now() < last) {
    if (child.exitCode !== null) throw new Error(`nats-server ended with code ${child.exitCode}`);
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      const port = /nats:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) return Number(port);
    }
    await wait(20);
  }
  child.kill('SIGKILL');
  throw new Error('nats-server did not start');
}
