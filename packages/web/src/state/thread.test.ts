import type { EntryOf, LogEntry } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { describe, expect, test } from 'vitest';
import { entryOf, messageOf, pendingOf } from './messages.fixture.ts';
import {
  type Bubble,
  type Chunk,
  createThread,
  isOnlyEmoji,
  partsOf,
  type ThreadInput,
  type ThreadItem,
} from './thread.ts';

const noon = new Date(2026, 5, 1, 12).getTime();
const MINUTE = 60_000;

const entry = (seq: number, sender: string, minutes: number): LogEntry =>
  entryOf(seq, noon + minutes * MINUTE, messageOf(`c${seq}`, sender));
const pending = (clientId: string, state: 'waiting' | 'sending' | 'sent', minutes: number): PendingMessage =>
  pendingOf(clientId, {
    createdAt: noon + minutes * MINUTE,
    status: state === 'waiting' ? { state, notBefore: 0, last: 'offline' } : { state },
  });
const input = (entries: LogEntry[], over: Partial<ThreadInput> = {}): ThreadInput => ({
  entries,
  pending: [],
  me: 'me',
  firstUnreadSeq: null,
  hasOlder: false,
  ...over,
});
const thread = (entries: LogEntry[], over: Partial<ThreadInput> = {}) => createThread()(input(entries, over));
const items = (chunks: Chunk[]): ThreadItem[] => chunks.flatMap(chunk => chunk.items);
const bubbles = (chunks: Chunk[]): Bubble[] =>
  items(chunks).filter((item): item is Bubble => item.kind === 'message');

describe('a thread', () => {
  test('RT-3: pending messages come last, whatever their clock says', () => {
    const shown = thread([entry(1, 'you', 0), entry(2, 'me', 1)], {
      pending: [pending('p', 'waiting', -500)],
    });
    expect(bubbles(shown).map(each => each.key)).toEqual(['c1', 'c2', 'p']);
    expect(bubbles(shown).map(each => each.delivery)).toEqual(['sent', 'sent', 'waiting']);
  });

  test('groups what one person says in one go, until somebody else speaks or five minutes pass', () => {
    const shown = thread([entry(1, 'you', 0), entry(2, 'you', 1), entry(3, 'me', 2), entry(4, 'me', 9)]);
    expect(bubbles(shown).map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  test('names each day once', () => {
    const shown = thread([entry(1, 'you', 0), entry(2, 'you', 1), entry(3, 'you', 24 * 60)]);
    expect(items(shown).map(item => item.kind)).toEqual(['day', 'message', 'message', 'day', 'message']);
  });

  test('does not name a day before a page that may begin in the middle of it', () => {
    const shown = thread([entry(60, 'you', 0)], { hasOlder: true });
    expect(items(shown).map(item => item.kind)).toEqual(['message']);
  });

  test('draws the line above the first unread, which starts a group of its own', () => {
    const shown = thread([entry(1, 'you', 0), entry(2, 'you', 1)], { firstUnreadSeq: 2 });
    expect(items(shown).map(item => item.kind)).toEqual(['day', 'message', 'unread', 'message']);
    expect(bubbles(shown).map(({ first, last }) => [first, last])).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  test('keeps its stretches when an older page comes in above', () => {
    const newer = Array.from({ length: 60 }, (_, index) => entry(index + 80, 'you', index));
    const older = Array.from({ length: 60 }, (_, index) => entry(index + 20, 'you', index - 60));
    const before = thread(newer, { hasOlder: true }).map(chunk => chunk.key);
    const after = thread([...older, ...newer], { hasOlder: true }).map(chunk => chunk.key);
    expect(before[0]).toBe('20');
    expect(after.slice(-before.length)).toEqual(before);
    expect(after[0]).toBe('5');
  });

  test('BC-8: a stretch that nothing changed in is the same object again, so that it is not drawn again', () => {
    const layOut = createThread();
    const entries = Array.from({ length: 64 }, (_, index) =>
      entry(index + 1, index % 3 ? 'you' : 'me', index),
    );
    const before = layOut(input(entries));
    const changed = entries.with(20, {
      ...(entries[20] as EntryOf<'message'>),
      message: messageOf('c21', 'me', { text: 'now with a reaction' }),
    });
    const after = layOut(input(changed));
    const fresh = (now: Chunk[], was: Chunk[]) =>
      now.filter((chunk, index) => chunk !== was[index]).map(({ key }) => key);
    expect(before).toHaveLength(17);
    expect(fresh(after, before)).toEqual(['5']);
    const longer = layOut(input([...changed, entry(65, 'you', 64)]));
    expect(longer).toHaveLength(17);
    expect(fresh(longer, after)).toEqual(['16']);
  });

  test('BC-2 BC-3: what happened besides messages stands between them, and parts what is said', () => {
    const people: LogEntry = {
      seq: 2,
      at: new Date(noon).toISOString(),
      kind: 'people',
      by: 'you',
      change: 'added',
      accounts: ['me'],
    };
    const reaction: LogEntry = {
      seq: 4,
      at: people.at,
      kind: 'reaction',
      by: 'you',
      of: 1,
      emoji: '👍',
      on: true,
    };
    const shown = thread([entry(1, 'you', 0), people, entry(3, 'you', 0), reaction]);
    expect(items(shown).map(item => item.kind)).toEqual(['day', 'message', 'system', 'message']);
    expect(bubbles(shown).map(({ first, last }) => [first, last])).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  describe('BC-2: people who come and go one by one', () => {
    type Change = EntryOf<'people'>['change'];
    const change = (
      seq: number,
      by: string,
      what: Change,
      minutes = 0,
      accounts = [`p${seq}`],
    ): LogEntry => ({
      seq,
      at: new Date(noon + minutes * MINUTE).toISOString(),
      kind: 'people',
      by,
      change: what,
      accounts,
    });
    const said = (chunks: Chunk[]) =>
      items(chunks).flatMap(item =>
        item.kind === 'system' && item.entry.kind === 'people'
          ? [[item.entry.change, item.entry.by, item.entry.accounts.join(' '), item.from, item.entry.seq]]
          : [],
      );

    test('those whom one person added are said in one line, and so are those who joined', () => {
      const shown = thread([
        change(1, 'noor', 'added', 0, ['p1', 'p2']),
        change(2, 'noor', 'added'),
        change(3, 'noor', 'added', 0, ['p1']),
        change(4, 'ada', 'added'),
        change(5, 'p5', 'joined'),
        change(6, 'p6', 'joined'),
        change(7, 'noor', 'admin'),
        change(8, 'noor', 'admin'),
      ]);
      expect(said(shown)).toEqual([
        ['added', 'noor', 'p1 p2', 1, 3],
        ['added', 'ada', 'p4', 4, 4],
        ['joined', 'p6', 'p5 p6', 5, 6],
        ['admin', 'noor', 'p7', 7, 7],
        ['admin', 'noor', 'p8', 8, 8],
      ]);
    });

    test('not over what was said in between, nor over a night; what shows nothing is nothing in between', () => {
      const reaction: LogEntry = {
        seq: 4,
        at: '',
        kind: 'reaction',
        by: 'you',
        of: 2,
        emoji: '👍',
        on: true,
      };
      const shown = thread([
        change(1, 'noor', 'added'),
        entry(2, 'you', 1),
        change(3, 'noor', 'added', 2),
        reaction,
        change(5, 'noor', 'added', 3),
        change(6, 'noor', 'added', 24 * 60),
      ]);
      expect(said(shown).map(([, , who]) => who)).toEqual(['p1', 'p3 p5', 'p6']);
    });

    test('a line stands where its last is: an older page and a newer entry move nothing else, and the rest is the same object', () => {
      const layOut = createThread();
      const people = Array.from({ length: 10 }, (_, at) => change(at + 5, 'noor', 'added'));
      const after = Array.from({ length: 8 }, (_, at) => entry(at + 15, 'you', 0));
      const late = layOut(input([...people.slice(5), ...after], { hasOlder: true }));
      const whole = layOut(input([...people, ...after], { hasOlder: true }));
      expect(late.map(({ key }) => key)).toEqual(whole.map(({ key }) => key));
      expect(items(late).map(({ key }) => key)).toEqual(items(whole).map(({ key }) => key));
      expect(whole.slice(1)).toEqual(late.slice(1));
      expect(whole.slice(1).every((chunk, at) => chunk === late[at + 1])).toBe(true);
      expect(said(whole)).toEqual([['added', 'noor', 'p5 p6 p7 p8 p9 p10 p11 p12 p13 p14', 5, 14]]);
      const again = layOut(input([...people, ...after, entry(23, 'you', 1)], { hasOlder: true }));
      expect(again.slice(0, -1).every((chunk, at) => chunk === whole[at])).toBe(true);
    });
  });

  test('BC-8: the line above what is new stands above a message of another', () => {
    const shown = thread([entry(1, 'you', 0), entry(2, 'me', 1), entry(3, 'you', 2)], { firstUnreadSeq: 2 });
    expect(items(shown).map(item => item.kind)).toEqual(['day', 'message', 'message', 'unread', 'message']);
  });

  test('RT-3: a message arrives where it was shown while it was on its way', () => {
    const layOut = createThread();
    const entries = Array.from({ length: 8 }, (_, index) => entry(index + 1, 'you', index));
    const waiting = layOut(input(entries, { pending: [pending('c9', 'sending', 9)] }));
    const sent = layOut(input([...entries, entry(9, 'me', 9)]));
    expect(waiting.map(({ key }) => key)).toEqual(sent.map(({ key }) => key));
    expect(bubbles(waiting).map(each => each.key)).toEqual(bubbles(sent).map(each => each.key));
  });
});

test('a text is cut at its links, and nothing of it is lost', () => {
  const text = 'see a.example now';
  const parts = partsOf(text, [{ start: 4, end: 13, href: 'https://a.example' }]);
  expect(parts).toEqual([
    { kind: 'text', text: 'see ' },
    { kind: 'link', text: 'a.example', href: 'https://a.example' },
    { kind: 'text', text: ' now' },
  ]);
  expect(partsOf('plain', [])).toEqual([{ kind: 'text', text: 'plain' }]);
  // A mention inside of a link is the link's.
  const places = [
    { start: 8, end: 13, handle: 'noor' },
    { start: 0, end: 13, href: 'https://a.example/@noor' },
    { start: 14, end: 17, handle: 'bo_' },
  ];
  expect(partsOf('a.exampl@noor @bo', places)).toEqual([
    { kind: 'link', text: 'a.exampl@noor', href: 'https://a.example/@noor' },
    { kind: 'text', text: ' ' },
    { kind: 'mention', text: '@bo', handle: 'bo_' },
  ]);
});

test.each([
  ['👋', true],
  ['👩‍👩‍👧', true],
  ['❤️ 👍🏽', true],
  ['ok 👍', false],
  ['7', false],
  ['', false],
])('%s is only emoji: %s', (text, only) => {
  expect(isOnlyEmoji(text)).toBe(only);
});
