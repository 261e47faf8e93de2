import type { LogEntry, ServerFrame } from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, CHAT, conversationOf, entryOf } from '../test/samples.ts';
import { emptyInbox, type InboxLog, listOf, reduceInbox } from './inbox-reducer.ts';

type Op = { kind: 'write'; by: string } | { kind: 'read'; upTo: number };

/** What a server does with these, and the frames it publishes. */
function history(ops: readonly Op[]) {
  const log: LogEntry[] = [];
  const frames: ServerFrame[] = [];
  let readSeq = 0;
  for (const op of ops) {
    if (op.kind === 'write') {
      const entry = entryOf(log.length + 1, op.by);
      log.push(entry);
      frames.push({ type: 'entry', conversation: CHAT, entry, people: [] });
    } else {
      readSeq = Math.max(readSeq, Math.min(op.upTo, log.length));
      const { unread } = conversationOf(log, readSeq);
      frames.push({ type: 'read', conversation: CHAT, readSeq, unread });
    }
  }
  return { log, frames, readSeq };
}

const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), by: fc.constantFrom(ANA, BEN) }),
  fc.record({ kind: fc.constant('read' as const), upTo: fc.integer({ min: 0, max: 20 }) }),
);

const delivered = fc
  .array(op, { minLength: 1, maxLength: 25 })
  .map(history)
  .chain(past =>
    fc.tuple(
      fc.constant(past),
      fc.array(fc.constantFrom(...past.frames), { maxLength: 50 }),
      fc.integer({ min: 0, max: past.log.length }),
    ),
  );

const apply = (log: InboxLog, frame: ServerFrame): InboxLog =>
  frame.type === 'entry' || frame.type === 'read' ? reduceInbox(log, frame, ANA) : log;

describe('the inbox under reordered, repeated and dropped events', () => {
  test('RT-5 after heads and repair it says what the server says', () => {
    fc.assert(
      fc.property(delivered, ([{ log, readSeq }, frames, knownHead]) => {
        const before = conversationOf(log.slice(0, knownHead), Math.min(readSeq, knownHead));
        let inbox = reduceInbox(emptyInbox, { type: 'fetched', conversations: [before] }, ANA);
        for (const frame of frames) {
          const earlier = inbox.known.get(CHAT);
          inbox = apply(inbox, frame);
          expect(inbox.known.get(CHAT)?.readSeq).toBeGreaterThanOrEqual(earlier?.readSeq ?? 0);
        }
        const heads = [{ conversation: CHAT, head: log.length, readSeq }];
        inbox = reduceInbox(inbox, { type: 'heads', heads }, ANA);
        const server = conversationOf(log, readSeq);
        if (inbox.doubtful.has(CHAT)) {
          inbox = reduceInbox(inbox, { type: 'fetched', conversations: [server], asked: inbox }, ANA);
        }
        expect(inbox.known.get(CHAT)).toEqual(server);
        expect(inbox.doubtful.size).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('an answer that was asked for before the last doubt does not settle it', () => {
    const first = entryOf(1, BEN);
    const asked = reduceInbox(emptyInbox, { type: 'entry', conversation: CHAT, entry: first }, ANA);
    expect(asked.doubtful.has(CHAT)).toBe(true);
    const later = reduceInbox(asked, { type: 'entry', conversation: CHAT, entry: entryOf(3, BEN) }, ANA);
    const answer = { type: 'fetched', conversations: [conversationOf([first], 0)], asked } as const;
    expect(reduceInbox(later, answer, ANA).doubtful.has(CHAT)).toBe(true);
  });
});

describe('unread', () => {
  const known = reduceInbox(
    emptyInbox,
    { type: 'fetched', conversations: [conversationOf([entryOf(1, BEN)], 1)] },
    ANA,
  );

  test('BC-8 counts messages of others, not one’s own', () => {
    const mine = reduceInbox(known, { type: 'entry', conversation: CHAT, entry: entryOf(2, ANA) }, ANA);
    expect(mine.known.get(CHAT)?.unread).toBe(0);
    const theirs = reduceInbox(mine, { type: 'entry', conversation: CHAT, entry: entryOf(3, BEN) }, ANA);
    expect(theirs.known.get(CHAT)?.unread).toBe(1);
  });

  test('BC-8 a read mark never moves back, whatever an older answer says', () => {
    const log = [entryOf(1, BEN), entryOf(2, BEN)];
    const written = reduceInbox(known, { type: 'entry', conversation: CHAT, entry: entryOf(2, BEN) }, ANA);
    const read = reduceInbox(written, { type: 'readHere', conversation: CHAT, seq: 2 }, ANA);
    expect(read.known.get(CHAT)).toMatchObject({ readSeq: 2, unread: 0 });
    const late = reduceInbox(read, { type: 'fetched', conversations: [conversationOf(log, 1)] }, ANA);
    expect(late.known.get(CHAT)).toMatchObject({ readSeq: 2, unread: 0 });
    const lateFrame = { type: 'read', conversation: CHAT, readSeq: 1, unread: 1 } as const;
    expect(reduceInbox(read, lateFrame, ANA).known.get(CHAT)).toMatchObject({ readSeq: 2, unread: 0 });
  });

  test('BC-8 a count that is doubted is asked for until an answer is as new as what is here', () => {
    const log = [1, 2, 3, 4, 5, 6].map(seq => entryOf(seq, BEN));
    const five = { type: 'fetched', conversations: [conversationOf(log.slice(0, 5), 0)] } as const;
    // Said when there was one entry, heard when there are five.
    const lateFrame = { type: 'read', conversation: CHAT, readSeq: 1, unread: 0 } as const;
    const asked = reduceInbox(reduceInbox(emptyInbox, five, ANA), lateFrame, ANA);
    expect(asked.doubtful.has(CHAT)).toBe(true);
    const six = { type: 'entry', conversation: CHAT, entry: entryOf(6, BEN) } as const;
    const answered = { type: 'fetched', conversations: [conversationOf(log.slice(0, 5), 1)], asked } as const;
    const still = reduceInbox(reduceInbox(asked, six, ANA), answered, ANA);
    expect(still.doubtful.has(CHAT)).toBe(true);
    const again = { type: 'fetched', conversations: [conversationOf(log, 1)], asked: still } as const;
    const settled = reduceInbox(still, again, ANA);
    expect(settled.known.get(CHAT)?.unread).toBe(5);
    expect(settled.doubtful.has(CHAT)).toBe(false);
  });
});

describe('order', () => {
  test('the latest comes first; where nothing was written is not shown', () => {
    const other = conversationOf([entryOf(9, BEN)], 0, '01900000-0000-7000-8000-0000000000c2');
    const empty = conversationOf([], 0, '01900000-0000-7000-8000-0000000000c3');
    const inbox = reduceInbox(
      emptyInbox,
      { type: 'fetched', conversations: [conversationOf([entryOf(1, BEN)], 0), empty, other] },
      ANA,
    );
    expect(listOf(inbox.known.values(), inbox.talks, 'inbox').map(each => each.id)).toEqual([other.id, CHAT]);
  });
});
