import { describe, expect, test } from 'vitest';
import type { HistoryEvent, TruthEntry } from './events.ts';
import { judge } from './judge.ts';
import { type Made, sending } from './made.ts';

const rules = (events: readonly Made[]) =>
  judge(events.map((event, n) => ({ t: n * 10, ...event }) as HistoryEvent)).map(({ rule }) => rule);

const acked = (op: number, seq: number): Made => ({ kind: 'acked', op, id: `m${op}`, seq });
const entryOf = (op: number, seq: number, sender = 'ann'): TruthEntry => ({
  seq,
  entry: `m${op}`,
  sender,
  clientId: `c${op}`,
  text: `text ${op}`,
});
const truth = (...entries: TruthEntry[]): Made => ({
  kind: 'truth',
  conversation: 'talk',
  place: 'direct',
  entries,
});
const group = (...entries: TruthEntry[]): Made => ({
  kind: 'truth',
  conversation: 'talk',
  place: 'group',
  entries,
});
const people = (seq: number, change: string, ...accounts: string[]): TruthEntry => ({
  seq,
  entry: `people ${seq}`,
  people: { change, accounts },
});
const seen = (kind: 'saw' | 'applied', account: string, seq: number, entry: string | null): Made => ({
  kind,
  device: `${account}'s`,
  account,
  conversation: 'talk',
  seq,
  entry,
  via: 'event',
});
const saw = (account: string, seq: number, entry: string | null) => seen('saw', account, seq, entry);
const applied = (account: string, seq: number, entry: string | null) => seen('applied', account, seq, entry);
const mark = (ask: number, readSeq: number): Made => ({ kind: 'mark', ask, readSeq });
const asking = (ask: number): Made => ({ kind: 'asking', ask, account: 'ann', conversation: 'talk' });

/** Two messages, one after the other, seen by both. */
const good: Made[] = [
  sending(1),
  acked(1, 1),
  saw('bo', 1, 'm1'),
  applied('bo', 1, 'm1'),
  sending(2, 'bo'),
  acked(2, 2),
  acked(2, 2),
  saw('bo', 2, 'm2'),
  applied('bo', 2, 'm2'),
  asking(1),
  mark(1, 1),
  asking(2),
  mark(2, 2),
  { kind: 'settled', device: "bo's", account: 'bo', conversation: 'talk', last: 2 },
  truth(entryOf(1, 1), entryOf(2, 2, 'bo')),
];

/** The good history with some events in the place of others. */
const planted = (change: (events: Made[]) => Made[]) => rules(change([...good]));
const without = (kind: string) => (events: Made[]) => events.filter(event => event.kind !== kind);
const instead =
  (kind: string, ...made: Made[]) =>
  (events: Made[]) => [...without(kind)(events), ...made];

describe('the judge of a history', () => {
  test('finds nothing wrong in a good one, and in one where repeats, late events and unanswered sends are', () => {
    expect(rules(good)).toEqual([]);
    expect(
      rules([
        sending(1),
        sending(2),
        saw('bo', 2, 'm1'),
        saw('bo', 1, 'm2'),
        saw('bo', 2, 'm1'),
        applied('bo', 1, 'm2'),
        applied('bo', 2, 'm1'),
        acked(1, 2),
        truth(entryOf(2, 1), entryOf(1, 2)),
      ]),
    ).toEqual([]);
  });

  test('RT-4 an acknowledged message that is not there', () => {
    expect(planted(instead('truth', truth(entryOf(1, 1))))).toContain('lost');
  });

  test('RT-4 an acknowledged message with another text, or in another place', () => {
    const other = { ...entryOf(2, 2, 'bo'), text: 'something else' };
    expect(planted(instead('truth', truth(entryOf(1, 1), other)))).toContain('lost');
    expect(planted(instead('truth', truth(entryOf(2, 1, 'bo'), entryOf(1, 2))))).toContain('lost');
  });

  test('RT-2 a message that is stored twice', () => {
    const twice = truth(entryOf(1, 1), entryOf(2, 2, 'bo'), { ...entryOf(2, 3, 'bo'), entry: 'm2 again' });
    expect(planted(instead('truth', twice))).toContain('doubled');
  });

  test('RT-2 a repeat that gets another answer', () => {
    expect(rules([sending(1), acked(1, 1), acked(1, 2), truth(entryOf(1, 1))])).toContain('lost');
  });

  test('a message that was refused, and stored all the same', () => {
    const refused = (first: boolean): Made => ({ kind: 'refused', op: 1, code: 'cannot_message', first });
    expect(rules([sending(1), refused(true), truth(entryOf(1, 1))])).toEqual(['stored though refused']);
    // The first try may have been stored before the reason to refuse came up.
    expect(rules([sending(1), refused(false), truth(entryOf(1, 1))])).toEqual([]);
  });

  test('RT-3 a gap in a log', () => {
    expect(rules([truth(entryOf(1, 1), entryOf(2, 3))])).toEqual(['gap']);
    expect(rules([truth(entryOf(1, 2))])).toEqual(['gap']);
  });

  test('RT-3 a device that shows a gap, something twice, or something out of order', () => {
    const log = truth(entryOf(1, 1), entryOf(2, 2), entryOf(3, 3));
    expect(rules([applied('bo', 1, 'm1'), applied('bo', 3, 'm3'), log])).toEqual(['gap']);
    expect(rules([applied('bo', 1, 'm1'), applied('bo', 1, 'm1'), log])).toEqual(['order']);
    expect(rules([applied('bo', 2, 'm2'), applied('bo', 1, 'm1'), log])).toEqual(['order']);
    const began: Made = { kind: 'began', device: "bo's", conversation: 'talk', after: 1 };
    expect(rules([began, applied('bo', 3, 'm3'), log])).toEqual(['gap']);
    expect(rules([applied('bo', 1, 'm1'), { ...began, after: 2 }, applied('bo', 3, 'm3'), log])).toEqual([]);
  });

  test('RT-3 two people who see another order', () => {
    const log = truth(entryOf(1, 1), entryOf(2, 2));
    expect(rules([applied('bo', 1, 'm2'), applied('bo', 2, 'm1'), log])).toEqual(['order', 'order']);
    expect(rules([saw('bo', 1, 'm2'), log])).toEqual(['order']);
    expect(rules([saw('bo', 1, null), log])).toEqual([]);
  });

  test('RT-4 what began after an answer stands before it', () => {
    expect(
      rules([sending(1), acked(1, 2), sending(2), acked(2, 1), truth(entryOf(2, 1), entryOf(1, 2))]),
    ).toEqual(['stale']);
  });

  test('a reader who does not find what was acknowledged before', () => {
    const reading: Made = { kind: 'reading', read: 1, account: 'bo', conversation: 'talk' };
    const page = (head: number): Made => ({ kind: 'readLog', read: 1, head });
    expect(rules([sending(1), acked(1, 1), reading, page(0), truth(entryOf(1, 1))])).toEqual(['stale']);
    expect(rules([sending(1), reading, acked(1, 1), page(0), truth(entryOf(1, 1))])).toEqual([]);
  });

  test('BC-8 a read mark that moves back', () => {
    expect(rules([asking(1), mark(1, 5), asking(2), mark(2, 4)])).toEqual(['mark moved back']);
    // Asked at once: the answers may come in either order.
    expect(rules([asking(1), asking(2), mark(1, 5), mark(2, 4)])).toEqual([]);
  });

  test('RT-5 a device that never gets the last one', () => {
    expect(
      planted(
        instead('settled', { kind: 'settled', device: "bo's", account: 'bo', conversation: 'talk', last: 1 }),
      ),
    ).toEqual(['not settled']);
  });

  const blocked: Made = { kind: 'blocked', by: 'ann', whom: 'bo' };
  const unblocking: Made = { kind: 'unblocking', by: 'ann', whom: 'bo' };

  test('PE-5 a message between two who have blocked each other', () => {
    const both = [sending(1), acked(1, 1)];
    const log = truth(entryOf(1, 1), entryOf(2, 2, 'bo'));
    expect(rules([...both, blocked, sending(2, 'bo'), acked(2, 2), log])).toEqual(['after a block']);
    expect(rules([...both, sending(2, 'bo'), blocked, acked(2, 2), log])).toEqual([]);
    expect(rules([...both, blocked, unblocking, sending(2, 'bo'), acked(2, 2), log])).toEqual([]);
    // Tried again and again until the block was over.
    expect(rules([...both, blocked, sending(2, 'bo'), unblocking, acked(2, 2), log])).toEqual([]);
  });

  test('PE-5 a message in a group that comes to who has blocked its writer', () => {
    const log = group(people(1, 'made', 'ann', 'bo', 'cy'), entryOf(1, 2, 'bo'));
    const said = [blocked, sending(1, 'bo'), acked(1, 2)];
    expect(rules([...said, saw('ann', 2, 'm1'), log])).toEqual(['after a block']);
    expect(rules([...said, saw('ann', 2, null), saw('cy', 2, 'm1'), log])).toEqual([]);
  });

  test('BC-2 an entry that comes to who is not in the group any more, or was not yet', () => {
    const log = group(
      people(1, 'made', 'ann'),
      entryOf(1, 2),
      people(3, 'added', 'bo'),
      entryOf(2, 4),
      people(5, 'removed', 'bo'),
      entryOf(3, 6),
    );
    expect(rules([saw('bo', 3, 'people 3'), saw('bo', 4, 'm2'), saw('bo', 5, 'people 5'), log])).toEqual([]);
    expect(rules([saw('bo', 2, 'm1'), log])).toEqual(['after a removal']);
    expect(rules([saw('bo', 6, 'm3'), log])).toEqual(['after a removal']);
    expect(rules([saw('cy', 6, 'm3'), log])).toEqual(['after a removal']);
  });

  const out = (t: number): Made => ({ kind: 'signedOut', device: "bo's", t });
  const heard = (t: number): Made => ({ kind: 'heardAfter', device: "bo's", what: 'entry', t });

  test('RT-9 a device that hears something, or is let in, two seconds after it was signed out', () => {
    expect(rules([out(0), heard(1900)])).toEqual([]);
    expect(rules([out(0), heard(2100)])).toEqual(['after a logout']);
    expect(rules([out(0), { kind: 'letInAfter', device: "bo's", what: 'me', t: 2100 }])).toEqual([
      'after a logout',
    ]);
  });

  test('RT-9 a minute, where the bus could lose the word', () => {
    const fault: Made = { kind: 'fault', what: 'bus', lossy: true, t: 100 };
    const mended = (t: number): Made => ({ kind: 'mended', what: 'bus', t });
    expect(rules([fault, out(500), mended(900), heard(30_000)])).toEqual([]);
    expect(rules([fault, out(500), mended(900), heard(63_000)])).toEqual(['after a logout']);
    expect(rules([fault, mended(200), out(500), heard(30_000)])).toEqual(['after a logout']);
  });
});
