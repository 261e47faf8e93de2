import type { LogEntry } from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, modelOf, type Op, opArbitrary } from '../test/model.ts';
import { ANA, BEN, entryOf } from '../test/samples.ts';
import {
  type ConversationLog,
  emptyConversation,
  reduceConversation,
  shownWindow,
  TYPING_SHOWN,
} from './conversation-reducer.ts';
import { addNewest, addOlder, emptyWindow, hasGap, hasOlder, lastSeq, type Page } from './log-window.ts';

const logOf = (length: number): LogEntry[] =>
  Array.from({ length }, (_, index) => entryOf(index + 1, index % 2 ? ANA : BEN));
const page = (log: LogEntry[], from: number, to: number): Page => ({
  entries: log.slice(from, to),
  head: log.length,
});

const SIZE = 6;

type Step =
  /** One of the events there are, at any time, any number of times. */
  | { kind: 'event'; event: number }
  /** Several at once, in order, from some event on. */
  | { kind: 'events'; event: number; count: number }
  /**
   * A page as a server gives it: its entries are read after `ops` of all, what became of messages and the head each some
   * ops later. `known`: the client says nothing of what it knew.
   */
  | { kind: 'page'; page: PageKind; ops: number; later: number; last: number; known: boolean; place: number };
type PageKind = 'newest' | 'older' | 'after' | 'around' | 'newer' | 'latest';

const small = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('event'), event: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('events'), event: fc.nat(), count: fc.nat({ max: 8 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('page'),
      page: fc.constantFrom<PageKind>('newest', 'older', 'after', 'around', 'newer', 'latest'),
      ops: fc.nat(),
      later: small,
      last: small,
      known: fc.boolean(),
      place: fc.nat({ max: 30 }),
    }),
  },
) as fc.Arbitrary<Step>;

const scene = fc.record({
  ops: fc.array(opArbitrary, { minLength: 1, maxLength: 30 }),
  steps: fc.array(step, { maxLength: 40 }),
});

/** The page that the client asks for in its state, as the server answers at some moment; null where it would not ask. */
function answer(state: ConversationLog, ops: readonly Op[], step: Extract<Step, { kind: 'page' }>) {
  const at = step.ops % (ops.length + 1);
  const [first, second, third] = [at, at + step.later, at + step.later + step.last].map(count =>
    modelOf('room', ops.slice(0, count)),
  );
  if (!first || !second || !third) return null;
  const { log } = first;
  const shown = shownWindow(state);
  const begin = shown.entries[0]?.seq ?? 1;
  const place = Math.min(step.place + 1, log.length);
  const slices: Record<PageKind, readonly LogEntry[]> = {
    newest: log.slice(-SIZE),
    older: log.slice(Math.max(0, begin - 1 - SIZE), begin - 1),
    after: log.slice(lastSeq(state.window)).slice(0, SIZE),
    around: log.slice(Math.max(0, place - 4), place + 2),
    newer: log.slice(lastSeq(shown)).slice(0, SIZE),
    latest: [],
  };
  return {
    entries: second.present(slices[step.page]),
    head: third.head,
    knownHead: step.known ? Math.min(state.window.head, first.head) : 0,
  };
}

function take(state: ConversationLog, ops: readonly Op[], step: Step): ConversationLog {
  const { log } = modelOf('room', ops);
  if (step.kind !== 'page') {
    if (log.length === 0) return state;
    const from = step.event % log.length;
    const entries = log.slice(from, from + (step.kind === 'events' ? step.count : 1));
    return reduceConversation(state, { type: 'written', entries });
  }
  const page = answer(state, ops, step);
  if (!page) return state;
  switch (step.page) {
    case 'newest':
      return reduceConversation(state, { type: 'newest', page });
    case 'older':
      return reduceConversation(state, { type: 'older', page });
    case 'after':
      return state.window.loaded ? reduceConversation(state, { type: 'entries', ...page }) : state;
    // A screen goes elsewhere once it shows something; and again after the newest page was replaced.
    case 'around':
      return state.window.loaded && page.entries.length > 0
        ? reduceConversation(state, { type: 'aside', page })
        : state;
    case 'newer':
      return reduceConversation(state, { type: 'newer', page });
    case 'latest':
      return reduceConversation(state, { type: 'latest' });
  }
}

/** What the service does about a gap (RT-5). */
function repair(state: ConversationLog, ops: readonly Op[]): ConversationLog {
  const model = modelOf('room', ops);
  const { head } = model;
  let now = state.window.loaded
    ? reduceConversation(state, { type: 'head', head })
    : reduceConversation(state, {
        type: 'newest',
        page: { entries: model.present(model.log.slice(-SIZE)), head },
      });
  for (let rounds = 0; hasGap(now.window); rounds += 1) {
    expect(rounds).toBeLessThan(20);
    const after = lastSeq(now.window);
    const entries = model.present(model.log.slice(after, after + SIZE));
    now = reduceConversation(now, { type: 'entries', entries, head });
  }
  return now;
}

const expectUnbroken = (entries: readonly LogEntry[]) => {
  const seqs = entries.map(each => each.seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
};

describe('a conversation under reordered, repeated and dropped events', () => {
  test('RT-5 shows an unbroken part of the log at any time, and all of it as it is after the repair', () => {
    fc.assert(
      fc.property(scene, ({ ops, steps }) => {
        let state = emptyConversation;
        for (const each of steps) {
          if (each.kind === 'page' && ['around', 'newer', 'latest'].includes(each.page)) continue;
          state = take(state, ops, each);
          expectUnbroken(state.window.entries);
        }
        state = repair(state, ops);
        const model = modelOf('room', ops);
        const first = state.window.entries[0]?.seq ?? 1;
        expect(state.window.entries.map(inOrder)).toEqual(
          model.present(model.log.slice(first - 1)).map(inOrder),
        );
        expect(state.window.early).toEqual([]);
        expect(state.window.head).toBe(model.head);
      }),
      { numRuns: 500 },
    );
  });

  test('BC-8 a stretch further back is as it is too, with all that has happened since, and joins the newest', () => {
    fc.assert(
      fc.property(scene, ({ ops, steps }) => {
        const half = ops.slice(0, Math.ceil(ops.length / 2));
        const before = modelOf('room', half);
        // What is loaded reaches back to where the log stood: no page takes its place.
        let state = reduceConversation(emptyConversation, {
          type: 'newest',
          page: { entries: before.present(before.log.slice(-SIZE)), head: before.head },
        });
        for (const each of steps) {
          if (each.kind === 'page' && each.page === 'newest') continue;
          const step = each.kind === 'page' ? { ...each, ops: half.length + (each.ops % half.length) } : each;
          state = take(state, ops, step);
          expectUnbroken(shownWindow(state).entries);
        }
        state = repair(state, ops);
        const model = modelOf('room', ops);
        const fresh = (entries: readonly LogEntry[]) =>
          model.present(entries.map(each => model.log[each.seq - 1] ?? each)).map(inOrder);
        expect(state.window.entries.map(inOrder)).toEqual(fresh(state.window.entries));
        const { aside } = state;
        if (!aside) return;
        expect(aside.entries.map(inOrder)).toEqual(fresh(aside.entries));
        for (let rounds = 0; state.aside; rounds += 1) {
          expect(rounds).toBeLessThan(20);
          const after = lastSeq(state.aside);
          const entries = model.present(model.log.slice(after, after + SIZE));
          state = reduceConversation(state, { type: 'newer', page: { entries, head: model.head } });
        }
        expect(state.window.entries.map(inOrder)).toEqual(fresh(state.window.entries));
        expect(lastSeq(state.window)).toBe(model.head);
      }),
      { numRuns: 500 },
    );
  });

  test('a repeated event is no news: the snapshot stays the same object', () => {
    const log = logOf(3);
    const state = reduceConversation(emptyConversation, { type: 'newest', page: page(log, 0, 3) });
    const repeated = { type: 'written', entries: [entryOf(2, ANA)] } as const;
    expect(reduceConversation(state, repeated)).toBe(state);
  });

  test('what does not change stays the same object', () => {
    const log = logOf(3);
    const state = reduceConversation(emptyConversation, { type: 'newest', page: page(log, 0, 3) });
    const reaction = { seq: 4, at: '', kind: 'reaction', by: BEN, of: 2, emoji: '👍', on: true } as const;
    const next = reduceConversation(state, { type: 'written', entries: [reaction] });
    expect(next.window.entries.map((entry, index) => entry === log[index])).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('pages of a log', () => {
  test('older pages come before, without doubling, until the first entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 }), (length, size) => {
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
    const next = reduceConversation(state, { type: 'written', entries: [entryOf(1, BEN)] });
    expect(next.window.entries).toHaveLength(1);
  });

  test('BC-2 who came later has nothing before, and misses nothing after', () => {
    const empty = { entries: [], head: 7, firstSeq: 8 };
    const state = reduceConversation(emptyConversation, { type: 'newest', page: empty });
    expect([hasOlder(state.window), hasGap(state.window), lastSeq(state.window)]).toEqual([false, false, 7]);
    const entries = [entryOf(8, BEN), entryOf(7, BEN)];
    const next = reduceConversation(state, { type: 'written', entries });
    expect(next.window.entries.map(entry => entry.seq)).toEqual([8]);
    expect(hasOlder(next.window)).toBe(false);
  });
});

describe('typing', () => {
  test('BC-8 is shown for 6 s, and ends with the message', () => {
    const typing = reduceConversation(emptyConversation, { type: 'typing', account: BEN, now: 1000 });
    expect([...typing.typing.keys()]).toEqual([BEN]);
    const later = { type: 'time', now: 1000 + TYPING_SHOWN } as const;
    expect(reduceConversation(typing, { ...later, now: later.now - 1 }).typing.size).toBe(1);
    expect(reduceConversation(typing, later).typing.size).toBe(0);
    const written = { type: 'written', entries: [entryOf(1, BEN)] } as const;
    expect(reduceConversation(typing, written).typing.size).toBe(0);
  });
});
