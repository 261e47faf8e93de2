import { type ChildProcess, fork } from 'node:child_process';
import { startRemote } from './messages/remote.ts';
import type { BenchResult } from './result.ts';

const READERS = 500;
const WRITERS = 64;
const SECONDS = 10;
const CROWD = 5000;

/** What the crowd's process is asked, and what it answers. */
export interface BusyPlan {
  port: number;
  readers: number;
  writers: number;
  /** Messages a second that become due; null: each writer sends the next as soon as the last is acknowledged. */
  perSecond: number | null;
  seconds: number;
  crowd: number;
}
export type BusyWord =
  | { kind: 'code'; address: string }
  | { kind: 'measure' }
  | { kind: 'rows'; rows: BenchResult['rows'] }
  | { kind: 'failed'; error: string };

/**
 * One room that everybody writes in (RT-10), and one with thousands of sockets in which a moderator mutes somebody. The
 * server (with its PostgreSQL) and the crowd are processes of their own, on the same machine.
 */
export async function run(): Promise<BenchResult> {
  const readers = Number(process.env.BUSY_READERS ?? READERS);
  const crowd = Number(process.env.BUSY_CROWD ?? CROWD);
  const seconds = Number(process.env.BUSY_SECONDS ?? SECONDS);
  const rows: BenchResult['rows'] = [];
  for (const plan of [
    { readers, writers: WRITERS, perSecond: null, seconds, crowd: 0 },
    { readers, writers: WRITERS, perSecond: 2000, seconds, crowd: 0 },
    { readers: 0, writers: 0, perSecond: null, seconds: 0, crowd },
  ]) {
    const found = await once(plan);
    // Each takes a while: what is known so far is shown.
    for (const { what, value, unit } of found) console.log(`${what}: ${value} ${unit}`);
    rows.push(...found);
  }
  return {
    name: 'A busy room: everybody writes in one talk; thousands listen and somebody is muted',
    rows,
    notes: [
      `${WRITERS} people write, ${readers} sockets read; each acknowledged after a durable commit.`,
      'Measured after some seconds of the same. Two cores have 2,000,000 µs a second: the CPU of all three a message says how many fit.',
      'Delivered: from the moment a message was due to the socket that heard it last of those that are looked at one by one; all others are counted.',
      'The crowd shares the machine and its cores with the server.',
    ],
  };
}

async function once(plan: Omit<BusyPlan, 'port'>): Promise<BenchResult['rows']> {
  const remote = await startRemote();
  const child = fork(new URL('./busy/crowd.ts', import.meta.url), { execArgv: ['--expose-gc'] });
  try {
    child.send({ ...plan, port: remote.port } satisfies BusyPlan);
    return await finished(child, remote);
  } finally {
    child.kill();
    await remote.stop();
  }
}

function finished(
  child: ChildProcess,
  remote: Awaited<ReturnType<typeof startRemote>>,
): Promise<BenchResult['rows']> {
  return new Promise((resolve, reject) => {
    child.on('exit', code => reject(new Error(`the crowd ended with ${code}`)));
    child.on('message', (word: BusyWord) => {
      if (word.kind === 'rows') resolve(word.rows);
      else if (word.kind === 'failed') reject(new Error(word.error));
      else
        (word.kind === 'code' ? remote.code(word.address) : remote.measure()).then(
          answer => child.send({ answer }),
          reject,
        );
    });
  });
}
