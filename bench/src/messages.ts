import { setTimeout as wait } from 'node:timers/promises';
import { atLoad, flatOut, noteFrame, percentile } from './messages/load.ts';
import { openSocket, signUpPairs, type Writer } from './messages/people.ts';
import { type Remote, startRemote } from './messages/remote.ts';
import type { SocketLine } from './messages/wire.ts';
import type { BenchResult } from './result.ts';

const PAIRS = 50;
const WARM_SECONDS = 4;
const FLAT_OUT_SECONDS = 10;
const LOADS = [100, 300];
const LOAD_SECONDS = 20;
const IDLE_SOCKETS = 2000;
const FAN_OUT_SECONDS = 5;

/**
 * Messages through the whole of the real server: HTTP in, durable commit, events out over sockets. The server (with its
 * PostgreSQL) and the load generator are processes of their own, on the same machine.
 */
export async function run(): Promise<BenchResult> {
  const remote = await startRemote();
  try {
    const writers = await signUpPairs(remote, PAIRS, noteFrame);
    // Memory first: a heap that has been busy gives pages back while one measures.
    const sockets = await idle(remote, writers);
    await flatOut(writers, WARM_SECONDS);
    const rows = [...(await latencies(remote, writers)), ...(await capacity(remote, writers)), ...sockets];
    return {
      name: 'Messages: acknowledged after a durable commit, delivered to the sockets of both',
      rows,
      notes: [
        `${PAIRS} pairs, ${PAIRS * 2} sockets; the load generator shares the machine and its cores.`,
        'Send to delivered: from the moment a message was due to the last of the two sockets that hear it.',
        'Bare inserts: the same rows into the same table, one commit each, on 16 connections, without HTTP, sockets or rules.',
      ],
    };
  } finally {
    await remote.stop();
  }
}

type Row = BenchResult['rows'][number];
const row = (what: string, value: number, unit: string, digits = 0): Row => ({
  what,
  value: Number(value.toFixed(digits)),
  unit,
});

type Spent = Pick<Awaited<ReturnType<Remote['measure']>>, 'cpuMicroseconds' | 'databaseMicroseconds'>;
const cpuRows = (what: string, before: Spent, after: Spent, messages: number): Row[] => [
  row(`${what}: CPU of the app a message`, (after.cpuMicroseconds - before.cpuMicroseconds) / messages, 'µs'),
  row(
    `${what}: CPU of PostgreSQL a message`,
    (after.databaseMicroseconds - before.databaseMicroseconds) / messages,
    'µs',
  ),
];

async function latencies(remote: Remote, writers: readonly Writer[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const load of LOADS) {
    const before = await remote.measure();
    const run = await atLoad(writers, load, LOAD_SECONDS);
    const after = await remote.measure();
    rows.push(
      row(`at ${load}/s: send to delivered, p50`, percentile(run.delivered, 50), 'ms', 2),
      row(`at ${load}/s: send to delivered, p99`, percentile(run.delivered, 99), 'ms', 2),
      row(`at ${load}/s: send to acknowledged, p50`, percentile(run.acknowledged, 50), 'ms', 2),
      row(`at ${load}/s: send to acknowledged, p99`, percentile(run.acknowledged, 99), 'ms', 2),
      row(`at ${load}/s: frames lost or doubled`, run.lost + run.doubled, 'frames'),
      ...cpuRows(`at ${load}/s`, before, after, run.delivered.length),
    );
  }
  return rows;
}

async function capacity(remote: Remote, writers: readonly Writer[]): Promise<Row[]> {
  const before = await remote.measure();
  const { perSecond } = await flatOut(writers, FLAT_OUT_SECONDS);
  const after = await remote.measure();
  const [writer] = writers;
  if (!writer) throw new Error('capacity: nobody writes');
  const bare = await remote.bareInserts(writer.conversation, writer.id, 5);
  return [
    row('flat out: acknowledged', perSecond, 'messages/s'),
    ...cpuRows('flat out', before, after, perSecond * FLAT_OUT_SECONDS),
    row('bare inserts', bare, 'commits/s'),
    row('flat out beside bare inserts', perSecond / bare, '×', 2),
  ];
}

/** Sockets of one pair, so that one message is one event to all of them (RT-11). */
async function idle(remote: Remote, writers: readonly Writer[]): Promise<Row[]> {
  const [writer] = writers;
  if (!writer) throw new Error('idle: nobody writes');
  const sockets: SocketLine[] = [];
  let frames = 0;
  const count = (text: string): void => {
    if (text.startsWith('{"type":"entry"')) frames += 1;
  };
  // Some first, so that what is made once for all is not counted.
  await open(100);
  const before = await remote.measure();
  await open(IDLE_SOCKETS);
  const after = await remote.measure();

  const start = performance.now();
  await flatOut([writer], FAN_OUT_SECONDS);
  await settled(() => frames);
  const seconds = (performance.now() - start) / 1000;
  const spread = await remote.measure();
  for (const socket of sockets) socket.close();
  const perFrame = (spread.cpuMicroseconds - after.cpuMicroseconds) / frames;
  return [
    row(`an idle socket, of ${IDLE_SOCKETS}: resident memory`, perSocket(before.rss, after.rss), 'KiB', 1),
    row(`an idle socket, of ${IDLE_SOCKETS}: live objects`, perSocket(before.live, after.live), 'KiB', 1),
    row(`one event to ${sockets.length} sockets, again and again`, frames / seconds, 'frames/s'),
    row('the same: CPU of the app a frame', perFrame, 'µs', 1),
    row('the same: frames a second a core', 1_000_000 / perFrame, 'frames/s'),
  ];

  async function open(more: number): Promise<void> {
    // The first two are a pair: what one writes, all sockets of both hear.
    const helpers = writers.slice(0, 2);
    for (let n = 0; n < more; n += helpers.length)
      sockets.push(...(await Promise.all(helpers.map(one => openSocket(remote.port, one.http, count)))));
  }
}

const perSocket = (before: number, after: number): number => (after - before) / IDLE_SOCKETS / 1024;

/** Waits until a count no longer grows. */
async function settled(read: () => number): Promise<void> {
  for (let last = -1; last !== read(); ) {
    last = read();
    await wait(300);
  }
}
