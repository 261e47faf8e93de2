import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Bare,
  type ClientReply,
  type ClientRequest,
  type Heard,
  type Measure,
  type NodeReply,
  type NodeRequest,
  next,
  startProgram,
} from './packets/wire.ts';
import type { BenchResult } from './result.ts';

const LISTENERS = 300;
const SETTLE_MS = 1_500;
const RUN_MS = 8_000;
const FRAMES_PER_SECOND = 50;

interface Plane {
  readonly node: ChildProcess;
  readonly clients: ChildProcess;
  ask(request: ClientRequest): Promise<void>;
  measure(): Promise<Measure>;
  heard(): Promise<Heard>;
  stop(): void;
}

/**
 * The audio plane under load: one room, real sessions. The media node, the clients and the bare loop are processes of
 * their own, so that CPU is counted where it is spent.
 */
export async function run(): Promise<BenchResult> {
  const bare = await measureBare();
  const rows: Record<string, string | number>[] = [];
  const notes = [
    `Bare UDP send loop (Node, 200 bytes, one destination, batched by the runtime, not encrypted): ${Math.round(bare)} packets per CPU second. "of bare" compares with it.`,
    'CPU is the media node process alone, all its threads, kernel included. Clients ran beside it on the same machine.',
    'KiB and join cost are from joining all listeners; a join includes ICE and DTLS.',
  ];
  const cases = [
    { title: '60 ms packets (audience), 1 voice', onStage: false, voices: 1 },
    { title: '60 ms packets (audience), 4 voices', onStage: false, voices: 4 },
    { title: '20 ms packets (stage), 1 voice', onStage: true, voices: 1 },
  ];
  for (const { title, onStage, voices } of cases) rows.push(await measureCase(title, onStage, voices, bare));
  return { name: 'packets: the audio plane', rows, notes };
}

async function measureCase(
  title: string,
  onStage: boolean,
  voices: number,
  bare: number,
): Promise<Record<string, string | number>> {
  const plane = await startPlane();
  try {
    const empty = await plane.measure();
    await plane.ask({ kind: 'listen', count: LISTENERS, onStage, prefix: 'listener' });
    await wait(SETTLE_MS);
    const joined = await plane.measure();
    await wait(SETTLE_MS);
    const idle = await plane.measure();
    await plane.ask({ kind: 'speak', voices });
    await wait(SETTLE_MS);
    const [before, heardBefore] = [await plane.measure(), await plane.heard()];
    const began = performance.now();
    await wait(RUN_MS);
    const [after, heardAfter] = [await plane.measure(), await plane.heard()];
    const seconds = (performance.now() - began) / 1_000;
    const cpu = after.cpuSeconds - before.cpuSeconds;
    const packets = after.packetsOut - before.packetsOut;
    const packetsPerCpu = packets / cpu;
    const heard = heardAfter.packets - heardBefore.packets;
    const frames = heardAfter.frames - heardBefore.frames;
    return {
      case: title,
      listeners: LISTENERS,
      'packets/s out': Math.round(packets / seconds),
      'node CPU %': round((cpu / seconds) * 100),
      'packets per CPU s': Math.round(packetsPerCpu),
      'of bare': round(packetsPerCpu / bare),
      'µs per packet': round(1e6 / packetsPerCpu),
      'listeners per core': Math.round((LISTENERS * seconds) / cpu),
      'frames per packet': round(frames / heard),
      'frames heard %': round((frames / (FRAMES_PER_SECOND * seconds * voices * LISTENERS)) * 100),
      'lost %': round(((heardAfter.lost - heardBefore.lost) / heard) * 100),
      'sessions lost': heardAfter.ended,
      'idle CPU %': round(((idle.cpuSeconds - joined.cpuSeconds) / (SETTLE_MS / 1_000)) * 100),
      'KiB per listener': Math.round((joined.rssKiB - empty.rssKiB) / LISTENERS),
      'CPU ms per join': round(((joined.cpuSeconds - empty.cpuSeconds) * 1_000) / LISTENERS),
    };
  } finally {
    plane.stop();
  }
}

async function measureBare(): Promise<number> {
  const program = startProgram('./bare.ts');
  const bare = await next<Bare, Bare>(program, message => message);
  return bare.packets / bare.cpuSeconds;
}

async function startPlane(): Promise<Plane> {
  const [node, clients] = [startProgram('./node.ts'), startProgram('./clients.ts')];
  const ready = (message: { kind: string }) => (message.kind === 'ready' ? true : undefined);
  await Promise.all([next(node, ready), next(clients, ready)]);
  relay(node, clients);
  let asked = 0;
  return {
    node,
    clients,
    ask: async request => {
      const done = next<ClientReply, true>(clients, ({ kind }) => (kind === 'done' ? true : undefined));
      clients.send(request);
      await done;
    },
    measure: () => {
      asked += 1;
      const id = asked;
      const request: NodeRequest = { kind: 'measure', id };
      node.send(request);
      return next<NodeReply, Measure>(node, reply =>
        reply.kind === 'measured' && reply.id === id ? reply.measure : undefined,
      );
    },
    heard: () => {
      const request: ClientRequest = { kind: 'count' };
      clients.send(request);
      return next<ClientReply, Heard>(clients, reply => (reply.kind === 'heard' ? reply.heard : undefined));
    },
    stop: () => {
      node.kill();
      clients.kill();
    },
  };
}

/** Offers to the node, answers to the clients: what the application does elsewhere. */
function relay(node: ChildProcess, clients: ChildProcess): void {
  clients.on('message', (message: ClientReply) => {
    if (message.kind !== 'offer') return;
    const request: NodeRequest = { ...message, kind: 'join' };
    node.send(request);
  });
  node.on('message', (message: NodeReply) => {
    if (message.kind === 'joined' || message.kind === 'failed') clients.send(message);
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
