import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const withoutLimits = fileURLToPath(new URL('./process-without-limits.ts', import.meta.url));

/** The real program in a process of its own, with its own PostgreSQL: what `kill -9` is tried on. */
export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  /** Lines of standard output: what the operator is told, codes among them. */
  readonly lines: readonly string[];
  /** The newest code printed for an address. */
  code(address: string): Promise<string>;
  /** As a power cut would end it. Resolves once it is gone. */
  kill(): Promise<void>;
  /** As Ctrl-C does. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** The process holds its breath, sockets and all, until it is thawed. */
  freeze(): void;
  thaw(): void;
}

/**
 * Starts the server on a data folder, on free ports, and waits until it says that it is open.
 * @param limits `none`: the same server, but that no rate limit of the contract is met
 */
export async function serverProcess(
  dataDir: string,
  env: Record<string, string> = {},
  limits: 'real' | 'none' = 'real',
): Promise<ServerProcess> {
  const lines: string[] = [];
  const child = spawn(process.execPath, [limits === 'real' ? main : withoutLimits], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      HOST: '127.0.0.1',
      AUDIO_PORT: '0',
      AUDIO_HOST: '127.0.0.1',
      SOTTO_DATA: dataDir,
      LOG_LEVEL: 'warn',
      ...env,
    },
    // The other end is ours: it is told when we are gone.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', line => lines.push(line));
  let errors = '';
  child.stderr.on('data', bytes => {
    errors += bytes;
  });
  const port = await eventually(
    () => {
      if (child.exitCode !== null) return Number.NaN;
      const match = /https?:\/\/[^\s/]+:(\d+)/.exec(lines.find(line => line.includes('is open at')) ?? '');
      return match ? Number(match[1]) : false;
    },
    { limit: 60_000 },
  ).catch(async (error: unknown) => {
    // Else it would hold its data folder, and no other could be started on it.
    await ended(child, 'SIGKILL');
    throw new Error(`the server does not open:\n${lines.join('\n')}\n${errors}`, { cause: error });
  });
  if (Number.isNaN(port)) throw new Error(`the server did not start:\n${errors}`);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    async code(address) {
      const line = await eventually(() => lines.findLast(each => each.includes(address)) ?? false);
      const code = /\b(\d{3}) ?(\d{3})\b/.exec(line.replaceAll(address, ''));
      if (!code) throw new Error(`no code in: ${line}`);
      return `${code[1]}${code[2]}`;
    },
    kill: async () => {
      await ended(child, 'SIGKILL');
    },
    stop: () => ended(child, 'SIGTERM'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill(signal);
  await exit;
  return child.exitCode;
}
