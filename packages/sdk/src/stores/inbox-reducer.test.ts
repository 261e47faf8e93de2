import type { Conversation, ServerFrame } from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, type Model, type ModelKind, modelOf, opArbitrary } from '../test/model.ts';
import { ANA, BEN, CHAT, conversationOf, entryOf } from '../test/samples.ts';
import { emptyInbox, type InboxLog, listOf, reduceInbox } from './inbox-reducer.ts';

type Step =
  /** One of the events there are, at any time, any number of times. */
  | { kind: 'event'; event: number }
  /** The conversation is asked for. */
  | { kind: 'ask' }
  /** The oldest question is answered, as it was after so many of the ops. */
  | { kind: 'answer'; ops: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('event'), event: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ask') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('answer'), ops: fc.nat() }) },
) as fc.Arbitrary<Step>;

const scene = fc.record({
  kind: fc.constantFrom<ModelKind>('direct', 'group', 'room'),
  ops: fc.array(opArbitrary, { minLength: 1, maxLength: 25 }),
  begin: fc.nat(),
  steps: fc.array(step, { maxLength: 50 }),
});

function apply(log: InboxLog, frame: ServerFrame): InboxLog {
  switch (frame.type) {
    case 'entry':
      return reduceInbox(log, { ...frame, type: 'entries', entries: [frame.entry] }, ANA);
    case 'read':
    case 'receipt':
    case 'conversation':
      return reduceInbox(log, frame, ANA);
    default:
      return log;
  }
}

const comparable = (conversation: Conversation | undefined) =>
  conversation && {
    ...conversation,
    last: conversation.last && inOrder(conversation.last),
    ...('pin' in conversation && { pin: conversation.pin && inOrder(conversation.pin) }),
  };

/** Whether a server in this state can have told all that the client knows. */
const covers = (model: Model, known: Conversation | undefined): boolean => {
  const server = model.conversation();
  return (
    !known ||
    (server.head >= known.head && server.version >= known.version && server.readSeq >= known.readSeq)
  );
};

describe('the inbox under reordered, repeated and dropped events', () => {
  test('RT-5 RT-6 after heads, resume and repair it says what the server says, whatever happened', () => {
    fc.assert(
      fc.property(scene, ({ kind, ops, begin, steps }) => {
        const models = Array.from({ length: ops.length + 1 }, (_, count) =>
          modelOf(kind, ops.slice(0, count)),
        );
        const start = models[begin % models.length]?.conversation();
        const last = models.at(-1);
        if (!start || !last) throw new Error('a model for each number of ops');
        let inbox = reduceInbox(emptyInbox, { type: 'fetched', conversations: [start], listed: true }, ANA);
        const asked: InboxLog[] = [];
        for (const each of steps) {
          const earlier = inbox.known.get(CHAT);
          if (each.kind === 'event') {
            const frame = last.frames[each.event % Math.max(1, last.frames.length)];
            if (frame) inbox = apply(inbox, frame);
          } else if (each.kind === 'ask') asked.push(inbox);
          else {
            const question = asked.shift();
            const able = models.filter(model => covers(model, question?.known.get(CHAT)));
            const conversation = able[each.ops % able.length]?.conversation();
            if (question && conversation)
              inbox = reduceInbox(
                inbox,
                { type: 'fetched', conversations: [conversation], asked: question },
                ANA,
              );
          }
          expect(inbox.known.get(CHAT)?.readSeq).toBeGreaterThanOrEqual(earlier?.readSeq ?? 0);
          expect(inbox.known.get(CHAT)?.head).toBeGreaterThanOrEqual(earlier?.head ?? 0);
        }
        const server = last.conversation();
        const { head, readSeq } = server;
        inbox = reduceInbox(inbox, { type: 'heads', heads: [{ conversation: CHAT, head, readSeq }] }, ANA);
        // What `resumed` brings of a conversation that is otherwise than the client said.
        if (inbox.known.get(CHAT)?.version !== server.version)
          inbox = reduceInbox(inbox, { type: 'fetched', conversations: [server] }, ANA);
        if (inbox.doubtful.has(CHAT))
          inbox = reduceInbox(inbox, { type: 'fetched', conversations: [server], asked: inbox }, ANA);
        // Receipts have no heads: a lost one is in the next answer that comes.
        const readers = inbox.known.get(CHAT)?.readers ?? [];
        expect(comparable(inbox.known.get(CHAT))).toEqual(comparable({ ...server, readers }));
        for (const { seq } of readers) expect(seq).toBeLessThanOrEqual(server.readers[0]?.seq ?? 0);
        expect(inbox.doubtful.size).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('an answer that was asked for before the last doubt does not settle it', () => {
    const first = entryOf(1, BEN);
    const asked = reduceInbox(emptyInbox, { type: 'entries', conversation: CHAT, entries: [first] }, ANA);
    expect(asked.doubtful.has(CHAT)).toBe(true);
    const later = reduceInbox(
      asked,
      { type: 'entries', conversation: CHAT, entries: [entryOf(3, BEN)] },
      ANA,
    );
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
    const mine = reduceInbox(known, { type: 'entries', conversation: CHAT, entries: [entryOf(2, ANA)] }, ANA);
    expect(mine.known.get(CHAT)?.unread).toBe(0);
    const theirs = reduceInbox(
      mine,
      { type: 'entries', conversation: CHAT, entries: [entryOf(3, BEN)] },
      ANA,
    );
    expect(theirs.known.get(CHAT)?.unread).toBe(1);
  });

  test('BC-8 a read mark never moves back, whatever an older answer says', () => {
    const log = [entryOf(1, BEN), entryOf(2, BEN)];
    const written = reduceInbox(
      known,
      { type: 'entries', conversation: CHAT, entries: [entryOf(2, BEN)] },
      ANA,
    );
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
    const six = { type: 'entries', conversation: CHAT, entries: [entryOf(6, BEN)] } as const;
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
