import { type ChildProcess, fork } from 'node:child_process';

/** What the media node's process is asked. */
export type NodeRequest =
  | {
      readonly kind: 'join';
      readonly id: number;
      readonly participantId: string;
      readonly offer: string;
      readonly onStage: boolean;
    }
  | { readonly kind: 'measure'; readonly id: number };

export interface Measure {
  /** CPU of the process so far, all threads, in seconds. */
  readonly cpuSeconds: number;
  readonly rssKiB: number;
  readonly packetsOut: number;
  readonly sendFailed: number;
  readonly sessions: number;
}

export type NodeReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'joined'; readonly id: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'measured'; readonly id: number; readonly measure: Measure };

/** What the listeners' process is asked. */
export type ClientRequest =
  | { readonly kind: 'listen'; readonly count: number; readonly onStage: boolean; readonly prefix: string }
  | { readonly kind: 'speak'; readonly voices: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'joined'; readonly id: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface Heard {
  readonly packets: number;
  readonly frames: number;
  readonly lost: number;
  /** Sessions that ended by themselves: a machine too busy to be measured. */
  readonly ended: number;
}

export type ClientReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done' }
  | { readonly kind: 'heard'; readonly heard: Heard }
  | {
      readonly kind: 'offer';
      readonly id: number;
      readonly participantId: string;
      readonly offer: string;
      readonly onStage: boolean;
    };

/** What a bare send loop achieved. */
export interface Bare {
  readonly packets: number;
  readonly cpuSeconds: number;
}

/** Starts one of this folder's programs as a process of its own, so that its CPU is its own. */
export function startProgram(file: string): ChildProcess {
  return fork(new URL(file, import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** The next message for which `pick` finds something. Rejects when the program ends first. */
export function next<Message, Found>(
  program: ChildProcess,
  pick: (message: Message) => Found | undefined,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const found = pick(message as Message);
      if (found === undefined) return;
      stop();
      resolve(found);
    };
    const onExit = (code: number | null): void => {
      stop();
      reject(new Error(`A benchmark's program ended with ${code}.`));
    };
    const stop = (): void => {
      program.off('message', onMessage);
      program.off('exit', onExit);
    };
    program.on('message', onMessage);
    program.on('exit', onExit);
  });
}
