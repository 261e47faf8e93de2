import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Writer } from './people.ts';

/** Where sends and deliveries of one run meet: each message carries its number in its text. */
export interface Ledger {
  /** When each was handed to the server, in milliseconds. */
  sent: Float64Array;
  acknowledged: Float64Array;
  delivered: Float64Array;
  /** Frames that came for each; every message goes to two sockets. */
  frames: Uint8Array;
}

const makeLedger = (size: number): Ledger => ({
  sent: new Float64Array(size),
  acknowledged: new Float64Array(size),
  delivered: new Float64Array(size),
  frames: new Uint8Array(size),
});

let ledger = makeLedger(0);
const marker = /"text":"message (\d+) /;

/** For every socket: notes an entry. The sender's own copy counts as a frame, the last one as delivered. */
export function noteFrame(text: string): void {
  if (!text.startsWith('{"type":"entry"')) return;
  const number = Number(marker.exec(text)?.[1] ?? -1);
  if (number < 0 || number >= ledger.sent.length) return;
  ledger.delivered[number] = performance.now();
  ledger.frames[number] = (ledger.frames[number] ?? 0) + 1;
}

const filler = 'a line of some length, as people write them, and then a little more of it';

async function send(writer: Writer, number: number): Promise<void> {
  const body = JSON.stringify({ clientId: uuid(), text: `message ${number} ${filler}` });
  const { status } = await writer.http.request(
    'POST',
    `/v1/conversations/${writer.conversation}/messages`,
    body,
  );
  if (status !== 200) throw new Error(`send: ${status}`);
  ledger.acknowledged[number] = performance.now();
}

/** Version 7 by the clock, as clients mint them. */
function uuid(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Everyone writes the next message as soon as the last is acknowledged. @returns acknowledged a second */
export async function flatOut(writers: readonly Writer[], seconds: number): Promise<{ perSecond: number }> {
  ledger = makeLedger(1_000_000);
  const end = performance.now() + seconds * 1000;
  let number = 0;
  await Promise.all(
    writers.map(async writer => {
      while (performance.now() < end) await send(writer, number++);
    }),
  );
  return { perSecond: number / seconds };
}

/** Numbers of a run at a fixed load, in milliseconds from the moment at which the message was due. */
export interface Latencies {
  perSecond: number;
  acknowledged: number[];
  delivered: number[];
  /** Messages of which a socket heard nothing, or twice. */
  lost: number;
  doubled: number;
}

/** Messages at random moments (Poisson), each from the next idle writer; a late one counts from when it was due. */
export async function atLoad(
  writers: readonly Writer[],
  perSecond: number,
  seconds: number,
): Promise<Latencies> {
  const count = perSecond * seconds;
  ledger = makeLedger(count);
  const start = performance.now() + 50;
  let due = start;
  const sends: Promise<void>[] = [];
  let next = 0;
  for (let number = 0; number < count; number++) {
    due += (-Math.log(1 - Math.random()) * 1000) / perSecond;
    while (performance.now() < due) await wait(Math.max(0, due - performance.now() - 0.5));
    const writer = await idleOne(writers, next);
    next = (writers.indexOf(writer) + 1) % writers.length;
    ledger.sent[number] = due;
    sends.push(send(writer, number));
  }
  await Promise.all(sends);
  await delivered(ledger);
  const since = (times: Float64Array) =>
    [...times].map((time, n) => time - (ledger.sent[n] ?? 0)).sort((a, b) => a - b);
  return {
    perSecond: count / ((performance.now() - start) / 1000),
    acknowledged: since(ledger.acknowledged),
    delivered: since(ledger.delivered),
    lost: ledger.frames.reduce((sum, frames) => sum + Math.max(0, 2 - frames), 0),
    doubled: ledger.frames.reduce((sum, frames) => sum + Math.max(0, frames - 2), 0),
  };
}

/** The first from `from` on that waits for no answer; a server that is behind makes the message late. */
async function idleOne(writers: readonly Writer[], from: number): Promise<Writer> {
  for (;;) {
    for (let n = 0; n < writers.length; n++) {
      const writer = writers[(from + n) % writers.length];
      if (writer && !writer.http.busy) return writer;
    }
    await wait(1);
  }
}

/** What is on its way arrives, or 5 s go by. */
async function delivered(of: Ledger): Promise<void> {
  const end = performance.now() + 5000;
  while (of.frames.some(frames => frames < 2) && performance.now() < end) await wait(10);
}

/** @param sorted ascending */
export const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
