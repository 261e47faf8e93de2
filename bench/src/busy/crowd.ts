/** The crowd of `busy.ts`, in a process of its own: signs up, enters one room, writes, reads, counts. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RoomSnapshot } from '@sotto/protocol';
import type { BusyPlan, BusyWord } from '../busy.ts';
import { percentile } from '../messages/load.ts';
import { HttpLine, SocketLine } from '../messages/wire.ts';
import type { BenchResult } from '../result.ts';
import { ReaderLine } from './reader.ts';

type Rows = BenchResult['rows'];
type Spent = Record<'cpuMicroseconds' | 'databaseMicroseconds', number>;

const WARM_SECONDS = 5;

interface Guest {
  id: string;
  token: string;
  http: HttpLine;
}

const say = (word: BusyWord): void => void process.send?.(word);
let answered: PromiseWithResolvers<unknown> = Promise.withResolvers();
const ask = async <T>(word: BusyWord): Promise<T> => {
  answered = Promise.withResolvers();
  say(word);
  return (await answered.promise) as T;
};
const row = (what: string, value: number, unit: string, digits = 0) => ({
  what,
  value: Number(value.toFixed(digits)),
  unit,
});

process.on('message', (word: BusyPlan | { answer: unknown }) => {
  if ('answer' in word) answered.resolve(word.answer);
  else
    run(word).then(
      rows => say({ kind: 'rows', rows }),
      (error: unknown) =>
        say({ kind: 'failed', error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
});

const run = (plan: BusyPlan): Promise<Rows> => (plan.crowd > 0 ? muteInCrowd(plan) : busyTalk(plan));

async function call<T>(http: HttpLine, method: string, path: string, body?: unknown): Promise<T> {
  const reply = await http.request(method, path, body === undefined ? '' : JSON.stringify(body));
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.body}`);
  return JSON.parse(reply.body || 'null') as T;
}

let count = 0;
async function signUp(port: number): Promise<Guest> {
  count += 1;
  const address = `busy${count}@bench.example`;
  const nobody = new HttpLine(port, 'nobody-nobody-nobody-nobody');
  await call(nobody, 'POST', '/v1/sign-in/codes', { address });
  const code = await ask<string>({ kind: 'code', address });
  const { me, token } = await call<{ me: { id: string }; token: string }>(nobody, 'POST', '/v1/sign-in', {
    address,
    code,
    transport: 'token',
  });
  nobody.close();
  const http = new HttpLine(port, token);
  await call(http, 'PATCH', '/v1/me', { handle: `busy.${count}`, name: `Guest ${count}` });
  return { id: me.id, token, http };
}

async function openRoom(guests: readonly Guest[]): Promise<{ room: string; talk: string }> {
  const [first, ...others] = guests;
  if (!first) throw new Error('openRoom: nobody');
  const { info } = await call<RoomSnapshot>(first.http, 'POST', '/v1/rooms', {
    title: 'Busy',
    device: 'bench-device',
  });
  for (const other of others)
    await call(other.http, 'POST', `/v1/rooms/${info.id}/enter`, { device: 'bench-device' });
  const talk = await call<{ room: { id: string } }>(first.http, 'GET', `/v1/rooms/${info.id}/talk`);
  return { room: info.id, talk: talk.room.id };
}

const ticketOf = async (guest: Guest): Promise<string> =>
  (await call<{ ticket: string }>(guest.http, 'POST', '/v1/socket-tickets')).ticket;

/** Sockets of the same people, several each: what one hears, all of theirs hear. */
async function openReaders(port: number, guests: readonly Guest[], number: number): Promise<ReaderLine[]> {
  const readers: ReaderLine[] = [];
  while (readers.length < number) {
    // Everyone in turn: who has no socket is out of the room after a while.
    const some = Array.from(
      { length: Math.min(16, number - readers.length) },
      (_, n) => guests[(readers.length + n) % guests.length] as Guest,
    );
    const lines = await Promise.all(some.map(async guest => new ReaderLine(port, await ticketOf(guest))));
    await Promise.all(lines.map(line => line.opened));
    readers.push(...lines);
  }
  return readers;
}

async function busyTalk(plan: BusyPlan): Promise<Rows> {
  const { port } = plan;
  const guests: Guest[] = [];
  for (let n = 0; n < plan.writers; n++) guests.push(await signUp(port));
  const { talk } = await openRoom(guests);
  const readers = await openReaders(port, guests, plan.readers);
  // What has just started is slower than it will be.
  const warm = await write({ ...plan, perSecond: null, seconds: WARM_SECONDS }, guests, talk);
  await heard(readers, warm);
  for (const reader of readers) reader.reset();
  // This one is read message by message; of all the others the sequence is.
  const sent = new Map<number, number>();
  const delivered: number[] = [];
  const [watcher] = readers;
  if (!watcher) throw new Error('busyTalk: nobody reads');
  watcher.onNumber = number => {
    const at = sent.get(number);
    if (at !== undefined) delivered.push(performance.now() - at);
  };
  const before = await ask<Spent>({ kind: 'measure' });
  const own = process.cpuUsage();
  const acknowledged: number[] = [];
  const start = performance.now();
  const total = await write(plan, guests, talk, {
    sent: (number, due) => sent.set(number, due),
    acknowledged: due => acknowledged.push(performance.now() - due),
  });
  const seconds = (performance.now() - start) / 1000;
  await heard(readers, total);
  const { user, system } = process.cpuUsage(own);
  const after = await ask<Spent>({ kind: 'measure' });
  const lost = readers.reduce((sum, reader) => sum + Math.max(0, total - reader.entries), 0);
  const doubled = readers.reduce((sum, reader) => sum + reader.outOfOrder, 0);
  const frames = readers.reduce((sum, reader) => sum + reader.frames, 0);
  const bytes = readers.reduce((sum, reader) => sum + reader.bytes, 0);
  const app = (after.cpuMicroseconds - before.cpuMicroseconds) / total;
  const database = (after.databaseMicroseconds - before.databaseMicroseconds) / total;
  const crowd = (user + system) / total;
  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  const what = plan.perSecond === null ? 'flat out' : `at ${plan.perSecond}/s`;
  for (const reader of readers) reader.close();
  return [
    row(`${what}: acknowledged`, total / seconds, 'messages/s'),
    row(`${what}: acknowledged, p50`, percentile(sorted(acknowledged), 50), 'ms', 1),
    row(`${what}: acknowledged, p99`, percentile(acknowledged, 99), 'ms', 1),
    row(`${what}: delivered, p50`, percentile(sorted(delivered), 50), 'ms', 1),
    row(`${what}: delivered, p99`, percentile(delivered, 99), 'ms', 1),
    row(`${what}: entries lost, of ${total} to each of ${readers.length}`, lost, 'entries'),
    row(`${what}: entries doubled or out of order`, doubled, 'entries'),
    row(`${what}: entries delivered`, (total * readers.length) / seconds, 'entries/s'),
    row(`${what}: frames`, frames / seconds, 'frames/s'),
    row(`${what}: to sockets`, bytes / seconds / 2 ** 20, 'MiB/s', 1),
    row(`${what}: CPU of the app a message`, app, 'µs'),
    row(`${what}: CPU of PostgreSQL a message`, database, 'µs'),
    row(`${what}: CPU of the crowd a message`, crowd, 'µs'),
  ];
}

/** Until each has heard so many entries, or 30 s. */
async function heard(readers: readonly ReaderLine[], entries: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline && readers.some(reader => reader.entries < entries)) await wait(50);
}

/** @returns how many messages were acknowledged */
async function write(
  plan: BusyPlan,
  guests: readonly Guest[],
  talk: string,
  on?: { sent(number: number, due: number): void; acknowledged(due: number): void },
): Promise<number> {
  const path = `/v1/conversations/${talk}/messages`;
  let number = 0;
  let total = 0;
  const start = performance.now();
  const end = start + plan.seconds * 1000;
  const every = plan.perSecond === null ? 0 : 1000 / plan.perSecond;
  await Promise.all(
    guests.map(async guest => {
      for (;;) {
        const own = number++;
        const due = every === 0 ? performance.now() : start + own * every;
        if (due >= end) return;
        while (performance.now() < due) await wait(Math.max(0, due - performance.now()));
        if (every === 0 && performance.now() >= end) return;
        on?.sent(own, due);
        await call(guest.http, 'POST', path, { clientId: uuid(), text: `message ${own} in a busy room` });
        on?.acknowledged(due);
        total += 1;
      }
    }),
  );
  return total;
}

/** Version 7 by the clock, as clients mint them. */
function uuid(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A moderator mutes a speaker in a room with thousands of sockets, again and again. */
async function muteInCrowd(plan: BusyPlan): Promise<Rows> {
  const { port } = plan;
  const guests: Guest[] = [];
  for (let n = 0; n < 50; n++) guests.push(await signUp(port));
  const [moderator, speaker] = guests;
  if (!moderator || !speaker) throw new Error('muteInCrowd: nobody');
  const { room } = await openRoom(guests);
  await call(moderator.http, 'PUT', `/v1/rooms/${room}/invitations/${speaker.id}`);
  await call(speaker.http, 'POST', `/v1/rooms/${room}/invitation/accept`);
  await openReaders(port, guests, 100);
  const before = await ask<{ rss: number; live: number }>({ kind: 'measure' });
  const crowd = await openReaders(port, guests.slice(2), plan.crowd);
  const after = await ask<{ rss: number; live: number }>({ kind: 'measure' });
  let onOwn: (() => void) | null = null;
  const speakers = new SocketLine(port, await ticketOf(speaker), text => {
    if (text.startsWith('{"type":"room",')) onOwn?.();
  });
  await speakers.opened;
  const toSpeaker: number[] = [];
  const toAll: number[] = [];
  const acknowledged: number[] = [];
  for (let round = 0; round < 20; round++) {
    await call(speaker.http, 'PUT', `/v1/rooms/${room}/mute`, { muted: false });
    await wait(300);
    let heard = 0;
    const all = Promise.withResolvers<void>();
    for (const line of crowd)
      line.onFrame = type => {
        if (type === 'room' && ++heard === crowd.length) all.resolve();
      };
    const own = Promise.withResolvers<void>();
    const start = performance.now();
    onOwn = () => {
      toSpeaker.push(performance.now() - start);
      onOwn = null;
      own.resolve();
    };
    await call(moderator.http, 'POST', `/v1/rooms/${room}/people/${speaker.id}/mute`);
    acknowledged.push(performance.now() - start);
    await Promise.race([all.promise, wait(10_000)]);
    toAll.push(performance.now() - start);
    await Promise.race([own.promise, wait(10_000)]);
    for (const line of crowd) line.onFrame = null;
  }
  speakers.close();
  for (const line of crowd) line.close();
  const sorted = (values: number[]) => values.sort((a, b) => a - b);
  const perSocket = (bytes: number) => bytes / crowd.length / 1024;
  return [
    row(
      `${crowd.length} sockets in one room: memory of a socket, resident`,
      perSocket(after.rss - before.rss),
      'KiB',
      1,
    ),
    row(
      `${crowd.length} sockets in one room: memory of a socket, live`,
      perSocket(after.live - before.live),
      'KiB',
      1,
    ),
    row('a mute: acknowledged, p50', percentile(sorted(acknowledged), 50), 'ms', 1),
    row('a mute: at who is muted, p50', percentile(sorted(toSpeaker), 50), 'ms', 1),
    row('a mute: at who is muted, worst of 20', toSpeaker.at(-1) ?? 0, 'ms', 1),
    row('a mute: at the last of all sockets, p50', percentile(sorted(toAll), 50), 'ms', 1),
    row('a mute: at the last of all sockets, worst of 20', toAll.at(-1) ?? 0, 'ms', 1),
  ];
}
