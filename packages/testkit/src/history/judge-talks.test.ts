import { describe, expect, test } from 'vitest';
import type { HistoryEvent, Place, TruthEntry } from './events.ts';
import { judge } from './judge.ts';
import { type Made, sending } from './made.ts';

/** Each event 10 ms after the one before, but where its time is said. */
const found = (events: readonly Made[]) => {
  let t = 0;
  return judge(
    events.map(event => {
      t = event.t ?? t + 10;
      return { ...event, t } as HistoryEvent;
    }),
  );
};
const rules = (events: readonly Made[]) => found(events).map(({ rule }) => rule);

const conversation = 'talk';
const came = (account: string): Made => ({ kind: 'in', account, conversation });
const out = (account: string, more: { t?: number; soon?: boolean; forGood?: number } = {}): Made => ({
  kind: 'out',
  account,
  conversation,
  asked: more.forGood ?? 0,
  forGood: more.forGood !== undefined,
  soon: more.soon ?? false,
  ...(more.t !== undefined && { t: more.t }),
});
const acked = (op: number, seq = op): Made => ({ kind: 'acked', op, id: `m${op}`, seq });
const said = (op: number, account = 'ann', t?: number): Made[] => [
  { ...sending(op, account), ...(t !== undefined && { t }) },
  acked(op),
];
const entryOf = (op: number, sender = 'ann'): TruthEntry => ({
  seq: op,
  entry: `m${op}`,
  sender,
  clientId: `c${op}`,
  text: `text ${op}`,
});
const frozen = (seq: number): TruthEntry => ({ seq, entry: `frozen ${seq}` });
const logOf =
  (place: Place) =>
  (...entries: TruthEntry[]): Made => ({ kind: 'truth', conversation, place, entries });
const room = logOf('room');
const stage = logOf('stage');
const ended: Made = { kind: 'ended', conversation };

const told = (account: string, seq: number, t?: number): Made => ({
  kind: 'saw',
  device: `${account}'s`,
  account,
  conversation,
  seq,
  entry: `m${seq}`,
  via: 'event',
  ...(t !== undefined && { t }),
});
const fetched = (account: string, seq: number, since: number, t?: number): Made => ({
  ...(told(account, seq, t) as Extract<Made, { kind: 'saw' }>),
  via: 'log',
  since,
});
const loss = (t: number): Made => ({ kind: 'fault', what: 'bus', lossy: true, t });
const mended = (t: number): Made => ({ kind: 'mended', what: 'bus', t });

describe('the judge of the talks of a room', () => {
  test('BC-3 finds nothing wrong where people come, write, are told, and go', () => {
    const log = [entryOf(1), entryOf(2, 'bo'), frozen(3)];
    const night: Made[] = [
      came('ann'),
      came('bo'),
      ...said(1),
      told('bo', 1),
      fetched('bo', 1, 30),
      ...said(2, 'bo'),
      told('ann', 2),
      out('bo'),
      // On its way when they went.
      told('bo', 2),
      ended,
    ];
    for (const of of [room, stage]) expect(rules([...night, of(...log)])).toEqual([]);
  });

  test('BC-3 something of a talk that comes to who never was in it', () => {
    const night = [came('ann'), ...said(1)];
    expect(rules([...night, told('bo', 1), room(entryOf(1))])).toEqual(['outside']);
    expect(rules([...night, fetched('bo', 1, 5), room(entryOf(1))])).toEqual(['outside']);
    expect(rules([...night, came('bo'), fetched('bo', 1, 50), room(entryOf(1))])).toEqual([]);
  });

  test('RT-9, BC-3 who hears of a talk two seconds after they left it', () => {
    const night = (t: number) => [
      came('ann'),
      came('bo'),
      ...said(1),
      out('bo', { t: 100 }),
      told('bo', 1, t),
    ];
    for (const of of [room, stage]) {
      expect(rules([...night(2000), of(entryOf(1))])).toEqual([]);
      expect(rules([...night(2200), of(entryOf(1))])).toEqual(['outside']);
    }
  });

  test('RT-9 a minute, where the bus could lose the word', () => {
    const night = (t: number) => [
      came('ann'),
      came('bo'),
      ...said(1),
      loss(50),
      out('bo', { t: 100 }),
      mended(120),
      told('bo', 1, t),
    ];
    expect(rules([...night(30_000), room(entryOf(1))])).toEqual([]);
    expect(rules([...night(63_000), room(entryOf(1))])).toEqual(['outside']);
  });

  test('BC-3 who fetches something once they are out: at once, whatever the bus does', () => {
    const night = [came('ann'), came('bo'), ...said(1), loss(50), out('bo', { t: 100 })];
    expect(rules([...night, fetched('bo', 1, 90, 130), room(entryOf(1))])).toEqual([]);
    expect(rules([...night, fetched('bo', 1, 110, 130), room(entryOf(1))])).toEqual(['outside']);
    expect(rules([...night, came('bo'), fetched('bo', 1, 110, 130), room(entryOf(1))])).toEqual([]);
  });

  test('BC-3 what the stage wrote while somebody was off it never comes to them, not even when they are back', () => {
    const night = [came('ann'), ...said(1), came('bo'), ...said(2), out('bo'), ...said(3)];
    const log = [entryOf(1), entryOf(2), entryOf(3)];
    const back = [...night, came('bo')];
    expect(rules([...back, told('bo', 2), stage(...log)])).toEqual([]);
    for (const seq of [1, 3]) {
      expect(rules([...back, fetched('bo', seq, 900, 1000), stage(...log)])).toEqual(['outside']);
      expect(rules([...back, told('bo', seq), stage(...log)])).toEqual(['outside']);
      // The room's they read from its beginning.
      expect(rules([...back, fetched('bo', seq, 900, 1000), room(...log)])).toEqual([]);
    }
    expect(rules([...night, told('bo', 3), stage(...log)])).toEqual(['outside']);
  });

  test('BC-3 a message of somebody who is out', () => {
    const log = [entryOf(1), entryOf(2, 'bo')];
    for (const of of [room, stage]) {
      const before = [came('ann'), ...said(1), came('bo')];
      expect(rules([...before, out('bo'), ...said(2, 'bo'), of(...log)])).toEqual(['outside']);
      expect(rules([...before, sending(2, 'bo'), out('bo'), acked(2), of(...log)])).toEqual([]);
      expect(rules([...before, out('bo'), sending(2, 'bo'), came('bo'), acked(2), of(...log)])).toEqual([]);
    }
  });

  test('BC-3 who was removed reads something from before it when they are let back in', () => {
    const night = [came('ann'), came('bo'), ...said(1), out('bo', { t: 100, forGood: 90 }), ...said(2)];
    const back = [...night, came('bo')];
    const log = [entryOf(1), entryOf(2)];
    expect(rules([...back, fetched('bo', 2, 900, 1000), room(...log)])).toEqual([]);
    expect(rules([...back, fetched('bo', 1, 900, 1000), room(...log)])).toEqual(['outside']);
    expect(rules([...back, fetched('bo', 1, 60, 1000), room(...log)])).toEqual([]);
    expect(rules([...back, { kind: 'intruded', account: 'bo', conversation }, room(...log)])).toEqual([
      'outside',
    ]);
  });

  test('RT-9 who was put out by the end of their session has two seconds, or a minute where the word may be lost', () => {
    const night = [came('ann'), came('bo'), ...said(1)];
    const gone = out('bo', { t: 100, soon: true });
    const log = [entryOf(1), entryOf(2, 'bo')];
    expect(rules([...night, gone, ...said(2, 'bo', 1900), room(...log)])).toEqual([]);
    expect(rules([...night, gone, ...said(2, 'bo', 2200), room(...log)])).toEqual(['outside']);
    expect(rules([...night, gone, fetched('bo', 1, 1900, 2000), room(entryOf(1))])).toEqual([]);
    expect(rules([...night, gone, fetched('bo', 1, 2150, 2160), room(entryOf(1))])).toEqual(['outside']);
    expect(rules([...night, loss(50), gone, ...said(2, 'bo', 30_000), room(...log)])).toEqual([]);
    expect(rules([...night, loss(50), gone, ...said(2, 'bo', 63_000), room(...log)])).toEqual(['outside']);
  });

  const moderated = (on: boolean, slowSeconds: number, t?: number): Made => ({
    kind: 'moderated',
    conversation,
    by: 'ann',
    on,
    slowSeconds,
    ...(t !== undefined && { t }),
  });
  const moderating: Made = { kind: 'moderating', conversation };
  const both = [came('ann'), came('bo')];

  test('BC-3 a message in a talk that is off, but for its moderator’s', () => {
    const log = [entryOf(1, 'bo')];
    expect(rules([...both, moderated(false, 0), ...said(1, 'bo'), room(...log)])).toEqual(['while off']);
    expect(rules([...both, moderated(false, 0), ...said(1), room(entryOf(1))])).toEqual([]);
    expect(rules([...both, moderated(false, 0), moderating, ...said(1, 'bo'), room(...log)])).toEqual([]);
    expect(
      rules([...both, moderated(false, 0), sending(1, 'bo'), moderating, acked(1), room(...log)]),
    ).toEqual([]);
    expect(rules([...both, sending(1, 'bo'), moderated(false, 0), acked(1), room(...log)])).toEqual([]);
  });

  test('BC-3 two messages of one person in a slow talk, too soon one after the other', () => {
    const log = [entryOf(1, 'bo'), entryOf(2, 'bo')];
    const slow = [...both, moderated(true, 5, 100), ...said(1, 'bo', 200)];
    expect(rules([...slow, ...said(2, 'bo', 3000), room(...log)])).toEqual(['too fast']);
    expect(rules([...slow, ...said(2, 'bo', 5300), room(...log)])).toEqual([]);
    expect(rules([...slow, moderating, ...said(2, 'bo', 3000), room(...log)])).toEqual([]);
    expect(rules([...slow, ...said(2, 'ann', 3000), room(entryOf(1, 'bo'), entryOf(2))])).toEqual([]);
  });

  test('BC-3 a message after the end of a room, and an end that its log does not tell', () => {
    const night = [...both, ...said(1)];
    expect(rules([...night, ended, room(entryOf(1), frozen(2))])).toEqual([]);
    expect(rules([...night, ended, room(entryOf(1))])).toEqual(['lost']);
    expect(rules([...night, ended, room(entryOf(1), frozen(2), frozen(3))])).toEqual(['doubled']);
    expect(rules([...night, sending(3), ended, acked(3), room(entryOf(1), frozen(2), entryOf(3))])).toEqual([
      'after the end',
    ]);
    expect(rules([...night, ended, ...said(2), room(entryOf(1), entryOf(2), frozen(3))])).toEqual([
      'after the end',
    ]);
  });

  test('BC-3, BC-6 a message that was taken out of view is not lost; one that is not there is', () => {
    const hidden: TruthEntry = { ...entryOf(1), text: '', hidden: true };
    expect(rules([...both, ...said(1), room(hidden)])).toEqual([]);
    expect(rules([...both, ...said(1), room({ ...hidden, clientId: 'c9' })])).toEqual(['lost']);
    expect(rules([...both, ...said(1), room({ ...entryOf(1), text: '' })])).toEqual(['lost']);
  });

  test('PE-5 what is written in a talk comes to nobody who has blocked its writer', () => {
    const blocked: Made = { kind: 'blocked', by: 'bo', whom: 'ann' };
    const seen = { ...(told('bo', 1) as Extract<Made, { kind: 'saw' }>), entry: null };
    expect(rules([...both, blocked, ...said(1), told('bo', 1), room(entryOf(1))])).toEqual(['after a block']);
    expect(rules([...both, blocked, ...said(1), seen, room(entryOf(1))])).toEqual([]);
  });
});
