import { isSottoError, isTemporary, type SottoErrorCode } from '@sotto/sdk';
import { readLog, type Stage, send } from './actions.ts';
import type { Person, Talk } from './cast.ts';
import { type Device, pause } from './device.ts';
import type { SeededRandom } from './random.ts';

const callMs = 3000;
/** So long after a request got no answer it may still be carried out. */
const ghostMs = 6000;
/** As `Device` resumes: one is in a room by this device. */
const device = 'history-device';
/** Rooms of one opener whose talks are still looked at. */
const kept = 8;

export interface Rooms {
  /** The two of each room, in the order of their opening. */
  readonly talks: readonly Talk[];
  /** When everyone has gone home. */
  done: Promise<void>;
}

/** One room from its opening to its end. */
interface Night {
  stage: Stage;
  random: SeededRandom;
  opener: Person;
  /** Whom the opener may block: a block ends following, and who has never talked is a stranger after it (BC-10, BC-16). */
  acquainted: ReadonlySet<Person>;
  room: string;
  all: string;
  top: string;
  over(): boolean;
}

/** Of somebody: until when what they asked for before may still come about. */
const haunted = new WeakMap<Person, number>();

/** Room after room of one opener; guests come, go on stage, are sent off it, removed and blocked; its talk is moderated. */
export function openRooms(
  stage: Stage,
  opener: Person,
  guests: readonly Person[],
  acquainted: ReadonlySet<Person>,
  random: SeededRandom,
  ended: () => boolean,
): Rooms {
  const talks: Talk[] = [];
  async function all(): Promise<void> {
    while (!ended()) {
      const opened = await open(stage, opener, random);
      if (!opened) return;
      const closing = performance.now() + random.between(5000, 10_000);
      const night: Night = { ...opened, acquainted, over: () => ended() || performance.now() > closing };
      const people = [opener, ...guests];
      const begun: Talk[] = [
        { id: night.all, place: 'room', people },
        { id: night.top, place: 'stage', people },
      ];
      talks.push(...begun);
      opener.inside.add(night.all).add(night.top);
      const visits = guests.map((guest, n) => visiting(night, guest, random.fork(`${night.room} ${n}`)));
      await Promise.all([...visits, moderation(night, random.fork(`${night.room} talk`))]);
      // Some rooms are still open at the end.
      if (!ended() || random.next() < 0.5) await end(night, guests);
      for (const person of people) for (const talk of [night.all, night.top]) person.inside.delete(talk);
      for (const talk of talks.slice(0, -2 * kept)) {
        talk.closed = true;
        for (const { devices } of people) for (const each of devices) each.close(talk.id);
      }
    }
  }
  return { talks, done: all() };
}

/** Insists; what is left unanswered may come about later, and is noted. */
async function surely(person: Person, by: Device, work: () => Promise<unknown>): Promise<boolean | null> {
  return by.insist(async () => {
    try {
      await work();
      return true;
    } catch (error) {
      if (isTemporary(error)) haunted.set(person, performance.now() + ghostMs);
      throw error;
    }
  });
}

/** Until nothing that somebody asked for before can undo what is asked for now. */
async function settled(...people: Person[]): Promise<void> {
  for (const person of people) while (performance.now() < (haunted.get(person) ?? 0)) await pause(50);
}

/** Asks, and takes a no for what it is. @returns the code of the no; `signed out` where nobody asks any more */
async function attempt(
  person: Person,
  by: Device,
  work: () => Promise<unknown>,
): Promise<'done' | 'signed out' | SottoErrorCode> {
  try {
    return (await surely(person, by, work)) === null ? 'signed out' : 'done';
  } catch (error) {
    if (isSottoError(error)) return error.code;
    throw error;
  }
}

async function open(stage: Stage, opener: Person, random: SeededRandom) {
  const [by] = opener.devices;
  while (by?.on) {
    try {
      stage.next();
      const { info } = await by.call('POST /v1/rooms', {
        body: { title: 'A night', device },
        timeout: callMs,
      });
      const params = { room: info.id };
      const talk = await by.insist(call => call('GET /v1/rooms/:room/talk', { params, timeout: callMs }));
      if (!talk?.stage) return null;
      const [all, top] = [talk.room.id, talk.stage.id];
      for (const conversation of [all, top])
        stage.recorder.add({ kind: 'in', account: opener.account, conversation });
      return { stage, random, opener, room: info.id, all, top };
    } catch (error) {
      if (!isTemporary(error)) throw error;
      // Asked for twice, a room may be opened late, and its opener be taken there.
      await pause(ghostMs);
    }
  }
  return null;
}

const enters = (night: Night, { account }: Person, conversation: string): void =>
  night.stage.recorder.add({ kind: 'in', account, conversation });

/** What the person did, or what was done to them, put them out of these talks; they knock at once. */
async function leaves(
  { stage }: Night,
  person: Person,
  conversations: readonly string[],
  { asked, forGood = false }: { asked: number; forGood?: boolean },
): Promise<void> {
  for (const conversation of conversations) {
    stage.recorder.add({
      kind: 'out',
      account: person.account,
      conversation,
      asked,
      forGood,
      soon: false,
    });
    person.inside.delete(conversation);
  }
  const [by] = person.devices;
  for (const conversation of by ? conversations : []) {
    if (by) await send(stage, [by], conversation, 'still here').catch(() => undefined);
    if (by) await readLog(stage, by, conversation).catch(() => undefined);
  }
}

/** Comes in by the device that is signed out now and then, if that is the one: its end puts them out. */
async function visiting(night: Night, guest: Person, random: SeededRandom): Promise<void> {
  const byLast = random.next() < 0.4;
  while (!night.over()) {
    const by = byLast ? guest.devices.at(-1) : guest.devices[0];
    if (by?.on) await visit(night, guest, by, random);
    guest.visit = null;
    await restUnless(night.over, random.between(100, byLast ? 4000 : 1000));
  }
}

/** Answers that say that they are not on the stage. */
const offStage: ReadonlySet<string> = new Set(['done', 'stage_only', 'not_in_room', 'not_found']);

async function visit(night: Night, guest: Person, by: Device, random: SeededRandom): Promise<void> {
  const { stage, opener, room, all, top } = night;
  const [host] = opener.devices;
  if (!host) return;
  const { account } = guest;
  const params = { room };
  const whom = { room, account };
  const { recorder } = stage;
  stage.next();
  guest.visit = { by, talks: [all, top] };
  enters(night, guest, all);
  const came = await attempt(guest, by, () =>
    by.call('POST /v1/rooms/:room/enter', { params, body: { device }, timeout: callMs }),
  );
  if (came !== 'done') {
    // They may be kept out by what was asked for long ago.
    await attempt(guest, host, () =>
      host.call('DELETE /v1/rooms/:room/kept-out/:account', { params: whom, timeout: callMs }),
    );
    return;
  }
  guest.inside.add(all);
  for (const each of guest.devices) void each.look(all);
  await restUnless(night.over, random.between(200, 1500));
  const worst = night.acquainted.has(guest) ? 'block' : 'kick';
  const fate = random.pick(['leave', 'leave', 'step down', 'step down', 'down', 'down', 'kick', worst]);
  if (random.next() < 0.8) {
    await attempt(guest, host, () =>
      host.call('PUT /v1/rooms/:room/invitations/:account', { params: whom, timeout: callMs }),
    );
    enters(night, guest, top);
    const onStage = await attempt(guest, by, () =>
      by.call('POST /v1/rooms/:room/invitation/accept', { params, timeout: callMs }),
    );
    if (onStage === 'done') guest.inside.add(top);
    await restUnless(night.over, random.between(300, 2000));
  }
  await settled(guest);
  const asked = recorder.now();
  stage.next();
  if (fate === 'step down' || fate === 'down') {
    const sent =
      fate === 'down'
        ? () => host.call('POST /v1/rooms/:room/people/:account/move-down', { params: whom, timeout: callMs })
        : () => by.call('POST /v1/rooms/:room/step-down', { params, timeout: callMs });
    const answer = await attempt(guest, fate === 'down' ? host : by, sent);
    if (offStage.has(answer)) await leaves(night, guest, [top], { asked });
    await restUnless(night.over, random.between(200, 1500));
    await settled(guest);
  }
  if (fate === 'kick') await kick(night, guest, host, random);
  else if (fate === 'block') await block(night, guest, host, random);
  else {
    const left = await attempt(guest, by, () =>
      by.call('POST /v1/rooms/:room/leave', { params, body: {}, timeout: callMs }),
    );
    if (left === 'done') await leaves(night, guest, [all, top], { asked: recorder.now() });
  }
}

/** Out, and out it stays until they are let back in; what was written until then is lost to them. */
async function kick(night: Night, guest: Person, host: Device, random: SeededRandom): Promise<void> {
  const { stage, room, all, top } = night;
  const params = { room, account: guest.account };
  const asked = stage.recorder.now();
  const done = await attempt(guest, host, () =>
    host.call('PUT /v1/rooms/:room/kept-out/:account', { params, timeout: callMs }),
  );
  if (done !== 'done') return;
  await leaves(night, guest, [all, top], { asked, forGood: true });
  const [by] = guest.devices;
  const knocks = () =>
    by?.call('POST /v1/rooms/:room/enter', { params: { room }, body: { device }, timeout: callMs }) ??
    Promise.resolve();
  if (by && (await attempt(guest, by, knocks)) === 'done')
    stage.recorder.add({ kind: 'intruded', account: guest.account, conversation: all });
  await restUnless(night.over, random.between(200, 2500));
  await settled(guest);
  await attempt(guest, host, () =>
    host.call('DELETE /v1/rooms/:room/kept-out/:account', { params, timeout: callMs }),
  );
  await settled(guest);
}

/** Whom the opener blocks goes (PE-5), and comes in again only when that is over. */
async function block(night: Night, guest: Person, host: Device, random: SeededRandom): Promise<void> {
  const { stage, opener, all, top } = night;
  const params = { account: guest.account };
  const pair = { by: opener.account, whom: guest.account };
  const asked = stage.recorder.now();
  const done = await attempt(guest, host, () =>
    host.call('PUT /v1/people/:account/block', { params, timeout: callMs }),
  );
  if (done === 'done') {
    stage.recorder.add({ kind: 'blocked', ...pair });
    await leaves(night, guest, [all, top], { asked });
    await restUnless(night.over, random.between(200, 1500));
  }
  await settled(guest);
  stage.recorder.add({ kind: 'unblocking', ...pair });
  await attempt(guest, host, () =>
    host.call('DELETE /v1/people/:account/block', { params, timeout: callMs }),
  );
  await settled(guest);
}

/** Its opener switches a talk off and on, slows it down, pins, and takes messages out of view. */
async function moderation(night: Night, random: SeededRandom): Promise<void> {
  const { stage, opener, all, top } = night;
  const { recorder } = stage;
  const [host] = opener.devices;
  /** Until when what was asked for before may still come about. */
  let unsure = 0;
  const change = async (conversation: string, body: { on?: boolean; slowSeconds?: 0 | 5 }) => {
    stage.next();
    recorder.add({ kind: 'moderating', conversation });
    const is = await host?.insist(async call => {
      try {
        return await call('PATCH /v1/conversations/:conversation/talk', {
          params: { conversation },
          body,
          timeout: callMs,
        });
      } catch (error) {
        if (isTemporary(error)) unsure = performance.now() + ghostMs;
        throw error;
      }
    });
    if ((is?.kind !== 'room' && is?.kind !== 'stage') || performance.now() < unsure) return;
    const { on, slowSeconds } = is;
    recorder.add({ kind: 'moderated', conversation, by: opener.account, on, slowSeconds });
  };
  const round = async (): Promise<void> => {
    const conversation = random.pick([all, all, top]);
    const what = random.pick(['off', 'slow', 'pin', 'hide']);
    if (what === 'off') {
      await change(conversation, { on: false });
      await restUnless(night.over, random.between(300, 1000));
    } else if (what === 'slow') {
      await change(conversation, { slowSeconds: 5 });
      await restUnless(night.over, random.between(500, 2500));
    }
    if (what === 'off' || what === 'slow') return change(conversation, { on: true, slowSeconds: 0 });
    const seq = Math.max(1, random.below((host?.lastOf(conversation) ?? 0) + 1));
    stage.next();
    if (what === 'pin')
      await host?.call('PUT /v1/conversations/:conversation/pin', {
        params: { conversation },
        body: { seq: random.next() < 0.3 ? null : seq },
        timeout: callMs,
      });
    else
      await host?.call('POST /v1/conversations/:conversation/messages/:seq/hide', {
        params: { conversation, seq: String(seq) },
        timeout: callMs,
      });
  };
  while (!night.over()) {
    // There is not always a message to pin, nor always an answer.
    await round().catch((error: unknown) => {
      if (!isSottoError(error)) throw error;
    });
    await restUnless(night.over, random.between(200, 1200));
  }
}

/** The room ends, and both logs with it; whoever was in it reads its talk again. */
async function end(night: Night, guests: readonly Person[]): Promise<void> {
  const { stage, opener, room, all, top } = night;
  const [host] = opener.devices;
  if (!host) return;
  for (const guest of guests) enters(night, guest, all);
  stage.next();
  const answer = await attempt(opener, host, () =>
    host.call('POST /v1/rooms/:room/end', { params: { room }, timeout: callMs }),
  );
  // Ended already: the answer was lost.
  if (answer !== 'done' && answer !== 'room_ended') return;
  for (const conversation of [all, top]) stage.recorder.add({ kind: 'ended', conversation });
  for (const { devices } of [opener, ...guests]) {
    const [by] = devices;
    for (const conversation of by ? [all, top] : []) {
      if (by) await send(stage, [by], conversation, 'too late').catch(() => undefined);
      if (by) await readLog(stage, by, conversation).catch(() => undefined);
    }
  }
}

async function restUnless(ended: () => boolean, ms: number): Promise<void> {
  const last = performance.now() + ms;
  while (!ended() && performance.now() < last) await pause(50);
}
