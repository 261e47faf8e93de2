import type { LogEntry } from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, entryOf } from '../test/samples.ts';
import { emptyConversation, reduceConversation, TYPING_SHOWN } from './conversation-reducer.ts';
import { addNewest, addOlder, emptyWindow, hasGap, hasOlder, lastSeq } from './log-window.ts';

const logOf = (length: number): LogEntry[] =>
  Array.from({ length }, (_, index) => entryOf(index + 1, index % 2 ? ANA : BEN));
const page = (log: LogEntry[], from: number, to: number) => ({
  entries: log.slice(from, to),
  head: log.length,
});

/** A log, how much of it was loaded before, and its later entries as a bad network brings them. */
const delivery = fc
  .integer({ min: 0, max: 40 })
  .chain(length => fc.tuple(fc.constant(logOf(length)), fc.integer({ min: 0, max: length })))
  .chain(([log, loaded]) =>
    fc.tuple(
      fc.constant(log),
      fc.constant(loaded),
      // Some come twice, some never, in any order.
      fc.array(log.length === 0 ? fc.constant(entryOf(1, ANA)) : fc.constantFrom(...log), {
        maxLength: log.length === 0 ? 0 : 80,
      }),
      fc.boolean(),
    ),
  );

describe('a conversation under reordered, repeated and dropped events', () => {
  test('RT-5 shows an unbroken part of the log at any time, and all of it after the repair', () => {
    fc.assert(
      fc.property(delivery, ([log, loaded, events, loadedLate]) => {
        const first = { type: 'newest', page: page(log, Math.max(0, loaded - 10), loaded) } as const;
        let state = emptyConversation;
        if (!loadedLate) state = reduceConversation(state, first);
        for (const entry of events) {
          state = reduceConversation(state, { type: 'entry', entry });
          const seqs = state.window.entries.map(each => each.seq);
          expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
        }
        if (loadedLate) state = reduceConversation(state, first);
        state = reduceConversation(state, { type: 'head', head: log.length });
        for (let rounds = 0; hasGap(state.window); rounds += 1) {
          expect(rounds).toBeLessThan(20);
          const after = lastSeq(state.window);
          state = reduceConversation(state, {
            type: 'entries',
            entries: log.slice(after, after + 7),
            head: log.length,
          });
        }
        const start = Math.max(0, loaded - 10);
        expect(state.window.entries).toEqual(log.slice(start));
        expect(state.window.early).toEqual([]);
        expect(state.window.head).toBe(log.length);
      }),
      { numRuns: 500 },
    );
  });

  test('a repeated event is no news: the snapshot stays the same object', () => {
    const log = logOf(3);
    const state = reduceConversation(emptyConversation, { type: 'newest', page: page(log, 0, 3) });
    const repeated = { type: 'entry', entry: entryOf(2, ANA) } as const;
    expect(reduceConversation(state, repeated)).toBe(state);
  });
});

describe('pages of a log', () => {
  test('older pages come before, without doubling, until the first entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), (length, size) => {
        const log = logOf(length);
        let window = addNewest(emptyWindow, page(log, Math.max(0, length - size), length));
        while (hasOlder(window)) {
          const before = (window.entries[0]?.seq ?? 1) - 1;
          const older = page(log, Math.max(0, before - size), before);
          window = addOlder(addOlder(window, older), older);
        }
        expect(window.entries).toEqual(log);
      }),
    );
  });

  test('RT-6 a newest page that does not touch what is there takes its place', () => {
    const log = logOf(100);
    const old = addNewest(emptyWindow, { entries: log.slice(0, 10), head: 10 });
    const fresh = addNewest(old, page(log, 60, 100));
    expect(fresh.entries).toEqual(log.slice(60));
    expect(hasOlder(fresh)).toBe(true);
  });

  test('a newest page that is older than what is there changes nothing', () => {
    const log = logOf(20);
    const window = addNewest(emptyWindow, page(log, 10, 20));
    expect(addNewest(window, { entries: log.slice(0, 5), head: 5 }).entries).toEqual(log.slice(10));
  });

  test('the empty log is loaded too: its first entry is appended', () => {
    const state = reduceConversation(emptyConversation, { type: 'newest', page: { entries: [], head: 0 } });
    const next = reduceConversation(state, { type: 'entry', entry: entryOf(1, BEN) });
    expect(next.window.entries).toHaveLength(1);
  });
});

describe('typing', () => {
  test('BC-8 is shown for 6 s, and ends with the message', () => {
    const typing = reduceConversation(emptyConversation, { type: 'typing', account: BEN, now: 1000 });
    expect([...typing.typing.keys()]).toEqual([BEN]);
    const later = { type: 'time', now: 1000 + TYPING_SHOWN } as const;
    expect(reduceConversation(typing, { ...later, now: later.now - 1 }).typing.size).toBe(1);
    expect(reduceConversation(typing, later).typing.size).toBe(0);
    const written = { type: 'entry', entry: entryOf(1, BEN) } as const;
    expect(reduceConversation(typing, written).typing.size).toBe(0);
  });
});
