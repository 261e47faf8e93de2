import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the benchmark asks of the server's process. */
export type Ask =
  | { kind: 'measure' }
  | { kind: 'bare'; conversation: string; sender: string; seconds: number }
  | { kind: 'stop' };

export type Answer =
  | { kind: 'listening'; port: number }
  | { kind: 'code'; address: string; code: string }
  /** Bytes; `peak` is the most that was resident since the start. CPU time of the app's process, and of its PostgreSQL. */
  | {
      kind: 'measured';
      rss: number;
      peak: number;
      live: number;
      cpuMicroseconds: number;
      databaseMicroseconds: number;
    }
  | { kind: 'bare'; perSecond: number };

type AnswerOf<K extends Answer['kind']> = Extract<Answer, { kind: K }>;

/** The server's process, from outside. */
export interface Remote {
  port: number;
  code(address: string): Promise<string>;
  /** Memory after a collection, and CPU time since its start. */
  measure(): Promise<AnswerOf<'measured'>>;
  bareInserts(conversation: string, sender: string, seconds: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startRemote(): Promise<Remote> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  // As root, PostgreSQL runs as somebody else, who must get through.
  await chmod(folder, 0o711);
  const child = fork(new URL('./server.ts', import.meta.url), [folder], {
    execArgv: ['--expose-gc'],
  });
  const codes = new Map<string, PromiseWithResolvers<string>>();
  const codeOf = (address: string): PromiseWithResolvers<string> => {
    const known = codes.get(address) ?? Promise.withResolvers<string>();
    codes.set(address, known);
    return known;
  };
  child.on('message', (answer: Answer) => {
    if (answer.kind === 'code') codeOf(answer.address).resolve(answer.code);
  });
  const { port } = await heard(child, 'listening');
  const ask = <K extends Answer['kind']>(question: Ask, kind: K): Promise<AnswerOf<K>> => {
    child.send(question);
    return heard(child, kind);
  };
  return {
    port,
    code: address => codeOf(address).promise,
    measure: () => ask({ kind: 'measure' }, 'measured'),
    bareInserts: async (conversation, sender, seconds) =>
      (await ask({ kind: 'bare', conversation, sender, seconds }, 'bare')).perSecond,
    async stop() {
      const exit = once(child, 'exit');
      child.send({ kind: 'stop' } satisfies Ask);
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function heard<K extends Answer['kind']>(child: ChildProcess, kind: K): Promise<AnswerOf<K>> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the server ended with ${code}`));
    const look = (answer: Answer): void => {
      if (answer.kind !== kind) return;
      child.off('message', look);
      child.off('exit', ended);
      resolve(answer as AnswerOf<K>);
    };
    child.on('message', look);
    child.on('exit', ended);
  });
}
