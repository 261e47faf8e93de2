import type { LogEntry } from '@sotto/protocol';
import { askMark, markRead, quarrel, readLog, removal, type Stage, send } from './actions.ts';
import { openTalks, type Person, signUp, type Talk } from './cast.ts';
import { APPS, type Cluster, startCluster } from './cluster.ts';
import { Device, nameOf, pause } from './device.ts';
import { createRecorder, type HistoryEvent, type TruthEntry } from './events.ts';
import { startFaults } from './faults.ts';
import { type SeededRandom, seededRandom } from './random.ts';
import { openRooms } from './rooms.ts';

export interface HistoryOptions {
  seed: number;
  people: number;
  devicesEach: number;
  /** It ends when so much was done, or so much time has gone by… */
  operations: number;
  seconds: number;
  /** …but not before so many faults have struck, if that takes no more than five times as long: machines are busy… */
  faults: number;
  /** …and so much was done. */
  least: number;
  /** Milliseconds between two faults, from and to; null: no faults. */
  restMs: readonly [number, number] | null;
  /** Milliseconds that a device thinks between two things it does, at most. */
  thinkMs: number;
  onProgress?: (line: string) => void;
}

export interface History {
  events: readonly HistoryEvent[];
  operations: number;
  faults: ReadonlyMap<string, number>;
  busFaults: number;
  seconds: number;
}

/** The calm after the faults, in which promises of seconds are kept. */
const calmMs = 6000;
/** A lost last event is found by the heads, every 25 s and a little. */
const settleMs = 45_000;

/** Lets people write to each other on a cluster that is broken in every way, and writes down all that they see. */
export async function makeHistory(options: HistoryOptions): Promise<History> {
  const cluster = await startCluster();
  const started: Device[] = [];
  try {
    return await runOn(cluster, options, started);
  } finally {
    await Promise.all(started.map(device => device.stop()));
    await cluster.stop();
  }
}

async function runOn(cluster: Cluster, options: HistoryOptions, started: Device[]): Promise<History> {
  const random = seededRandom(options.seed);
  const recorder = createRecorder();
  let operations = 0;
  const stage: Stage = { recorder, next: () => ++operations, repeats: new Set() };
  const startDevice = async (account: string, handle: string, token: string): Promise<Device> => {
    const number = started.length;
    const device = new Device({
      name: `${handle}/${number}`,
      account,
      token,
      port: () => {
        const up = cluster.up();
        return cluster.port(up[number % up.length] ?? number % APPS);
      },
      recorder,
    });
    started.push(device);
    await device.start();
    return device;
  };
  cluster.onChange(() => {
    for (const device of started) device.redirect();
  });

  const people = await signUp(cluster, options, startDevice);
  const talks = await openTalks(people);
  await until(
    () => started.every(device => device.open),
    20_000,
    () => 'devices do not connect',
  );
  // Who has talked stays who may write, whatever follows and blocks come and go.
  for (const { id, people: both, place } of talks)
    for (const { devices } of place === 'direct' ? both : [])
      if (devices[0]) await send(stage, [devices[0]], id, 'hello');
  options.onProgress?.(`${people.length} people, ${started.length} devices, ${talks.length} conversations`);

  const begun = performance.now();
  const faults = options.restMs
    ? startFaults(cluster, () => started, recorder, random.fork('faults'), options.restMs)
    : undefined;
  const enough = () =>
    operations >= options.least && (faults ? sumOf(faults.counts) >= options.faults : true);
  const over = () => {
    const gone = (performance.now() - begun) / 1000;
    return operations >= options.operations || gone > options.seconds * (enough() ? 1 : 5);
  };
  let calm = false;
  let ended = false;
  const lives = people.flatMap((person, number) => [
    ...person.devices.map((_, which) =>
      live(stage, person, which, talks, random.fork(`${number} ${which}`), options.thinkMs, () => ended),
    ),
    signOuts(stage, cluster, person, startDevice, random.fork(`${number} out`), () => ended),
  ]);
  const special = specials(stage, people, talks, random.fork('special'), () => ended);
  const rooms = roomsOf(people).map(([opener, guests], n) =>
    openRooms(stage, opener, guests, knownTo(opener, talks), random.fork(`room ${n}`), () => ended),
  );
  const all = Promise.all([...lives, ...special, ...rooms.map(({ done }) => done)]);
  const report = setInterval(
    () => options.onProgress?.(`${operations} operations, ${recorder.events.length} events`),
    5000,
  );
  try {
    while (!over()) await Promise.race([all, pause(50)]);
    await faults?.stop();
    calm = true;
    await Promise.race([all, pause(calmMs)]);
    ended = true;
    await all;
  } finally {
    ended = true;
    clearInterval(report);
  }
  const seconds = (performance.now() - begun) / 1000;
  await Promise.all(stage.repeats);
  options.onProgress?.(`${operations} operations are done${calm ? '' : ' (cut short)'}; settling`);
  await settle(stage, [...talks, ...rooms.flatMap(each => each.talks)]);
  // Those who are out stay out.
  await Promise.all(started.filter(device => !device.on).map(device => device.tryDoor()));
  return {
    events: recorder.events,
    operations,
    faults: faults?.counts ?? new Map(),
    busFaults: cluster.bus.faults,
    seconds,
  };
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

/** One device's life: writes, reads, marks, looks back, and hangs up now and then. */
async function live(
  stage: Stage,
  person: Person,
  which: number,
  talks: readonly Talk[],
  random: SeededRandom,
  thinkMs: number,
  ended: () => boolean,
): Promise<void> {
  const mine = talks.filter(talk => talk.people.includes(person)).map(talk => talk.id);
  while (!ended()) {
    const device = person.devices[which];
    if (device?.on)
      await act(
        stage,
        device,
        person,
        random.pick([...mine, ...person.inside, ...person.inside]),
        random,
      ).catch(ignoreRefusals);
    await pause(random.next() * thinkMs);
  }
}

async function act(
  stage: Stage,
  device: Device,
  person: Person,
  talk: string,
  random: SeededRandom,
): Promise<void> {
  const choice = random.below(100);
  const last = device.lastOf(talk);
  if (choice < 50) await send(stage, [device], talk, 'one');
  else if (choice < 55)
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(each => send(stage, [device], talk, `burst ${each}`)));
  else if (choice < 60)
    await send(stage, [device, ...person.devices.filter(each => each !== device)], talk, 'twice');
  else if (choice < 75) await markRead(stage, device, talk, Math.max(1, random.below(last + 1)));
  else if (choice < 78) device.frame({ type: 'read', conversation: talk, seq: Math.max(1, last) });
  else if (choice < 84) await askMark(stage, device, talk);
  else if (choice < 92) await readLog(stage, device, talk);
  else if (choice < 98) device.frame({ type: 'typing', conversation: talk });
  else device.reconnect();
}

/** What the server says no to is part of life; what it cannot do now is tried again by those who must. */
function ignoreRefusals(): void {}

/** Now and then the second device of a person is signed out, and a new one comes in its place. */
async function signOuts(
  stage: Stage,
  cluster: Cluster,
  person: Person,
  startDevice: (account: string, handle: string, token: string) => Promise<Device>,
  random: SeededRandom,
  ended: () => boolean,
): Promise<void> {
  while (!ended()) {
    await pauseUnless(ended, random.between(2000, 9000));
    const which = person.devices.length - 1;
    const device = person.devices[which];
    if (ended() || !device || which === 0) return;
    stage.next();
    await device.signOut();
    if (person.visit?.by === device) endVisit(stage, person, person.visit.talks);
    for (;;) {
      const token = await cluster.session(person.account).catch(() => null);
      if (token !== null) {
        person.devices[which] = await startDevice(person.account, person.handle, token);
        break;
      }
      await pause(200);
    }
  }
}

/** Whose session is over is out of the room they were in by it, within 2 s (RT-9). */
function endVisit({ recorder }: Stage, person: Person, talks: readonly string[]): void {
  person.visit = null;
  for (const conversation of talks) {
    person.inside.delete(conversation);
    const asked = recorder.now();
    recorder.add({
      kind: 'out',
      account: person.account,
      conversation,
      asked,
      forGood: false,
      soon: true,
    });
  }
}

/** With whom somebody has a conversation of two. */
const knownTo = (person: Person, talks: readonly Talk[]): ReadonlySet<Person> =>
  new Set(
    talks.flatMap(talk => (talk.place === 'direct' && talk.people.includes(person) ? talk.people : [])),
  );

/** Who opens rooms, and who comes to which: nobody is in two. */
function roomsOf(people: readonly Person[]): (readonly [Person, Person[]])[] {
  const openers = people.slice(0, 2);
  const guests = people.slice(2);
  return openers.map((opener, n) => [opener, guests.filter((_, g) => g % openers.length === n)] as const);
}

/** Blocks between two who have a conversation and are in the same groups; people who are taken out of groups. */
function specials(
  stage: Stage,
  people: readonly Person[],
  talks: readonly Talk[],
  random: SeededRandom,
  ended: () => boolean,
): Promise<void>[] {
  const again = async (work: () => Promise<void>): Promise<void> => {
    while (!ended()) {
      await work().catch(ignoreRefusals);
      await pauseUnless(ended, random.between(300, 1500));
    }
  };
  const first = (person: Person | undefined): Device | undefined => person?.devices[0];
  const quarrels = again(async () => {
    const device = first(people[2]);
    const whom = people[random.pick([3, 4])];
    if (device && whom) await quarrel(stage, device, whom.account, random);
  });
  const removals = talks
    .filter(talk => talk.place === 'group')
    .map(talk =>
      again(async () => {
        const [owner, ...others] = talk.people;
        const device = first(owner);
        if (device) await removal(stage, device, talk.id, random.pick(others).account, random);
      }),
    );
  return [quarrels, ...removals];
}

/** All is mended and nobody writes: now everyone has everything, and the logs say what that is. */
async function settle(stage: Stage, talks: readonly Talk[]): Promise<void> {
  const { recorder } = stage;
  const truths = new Map<string, number>();
  for (const talk of talks) {
    const entries = await wholeLog(talk);
    truths.set(talk.id, entries.at(-1)?.seq ?? 0);
    recorder.add({ kind: 'truth', conversation: talk.id, place: talk.place, entries });
  }
  const places: { device: Device; talk: Talk }[] = [];
  for (const talk of talks.filter(each => !each.closed))
    for (const person of talk.people) {
      const device = person.devices[0];
      const found = await device
        ?.insist(call => call('GET /v1/conversations/:conversation', { params: { conversation: talk.id } }))
        .catch(() => null);
      if (!found) continue;
      for (const each of person.devices) {
        if (talk.place === 'room' || talk.place === 'stage') await each.look(talk.id);
        places.push({ device: each, talk });
      }
    }
  const behind = () =>
    places.filter(({ device, talk }) => device.lastOf(talk.id) < (truths.get(talk.id) ?? 0));
  await until(() => behind().length === 0, settleMs).catch(() => undefined);
  for (const { device, talk } of places)
    recorder.add({
      kind: 'settled',
      device: device.name,
      account: device.account,
      conversation: talk.id,
      last: device.lastOf(talk.id),
    });
}

/** By the first of its people, who was there from its beginning and is never taken out. */
async function wholeLog(talk: Talk): Promise<TruthEntry[]> {
  const device = talk.people[0]?.devices[0];
  const entries: TruthEntry[] = [];
  for (;;) {
    const page = await device?.insist(call =>
      call('GET /v1/conversations/:conversation/log', {
        params: { conversation: talk.id },
        query: { after: entries.at(-1)?.seq ?? 0, limit: 200 },
      }),
    );
    if (!page || page.entries.length === 0) return entries;
    entries.push(...page.entries.map(truthOf));
  }
}

function truthOf(entry: LogEntry): TruthEntry {
  const { seq } = entry;
  const name = nameOf(entry) ?? `withheld ${seq}`;
  if (entry.kind === 'message') {
    const { sender, clientId, text, hidden } = entry.message;
    return { seq, entry: name, sender, clientId, text, ...(hidden && { hidden }) };
  }
  if (entry.kind === 'people')
    return { seq, entry: name, people: { change: entry.change, accounts: entry.accounts } };
  return { seq, entry: name };
}

async function until(
  done: () => boolean,
  limitMs: number,
  why: () => string = () => 'not in time',
): Promise<void> {
  const last = performance.now() + limitMs;
  while (!done()) {
    if (performance.now() > last) throw new Error(`history: ${why()}`);
    await pause(50);
  }
}

async function pauseUnless(ended: () => boolean, ms: number): Promise<void> {
  const last = performance.now() + ms;
  while (!ended() && performance.now() < last) await pause(50);
}
