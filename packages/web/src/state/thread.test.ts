import type { LogEntry } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { describe, expect, test } from 'vitest';
import { type Bubble, isOnlyEmoji, partsOf, type ThreadItem, threadOf } from './thread.ts';

const noon = new Date(2026, 5, 1, 12).getTime();
const MINUTE = 60_000;

const entry = (seq: number, sender: string, minutes: number): LogEntry => ({
  seq,
  at: new Date(noon + minutes * MINUTE).toISOString(),
  kind: 'message',
  message: { id: `id${seq}`, sender, clientId: `c${seq}`, text: `text ${seq}` },
});
const pending = (
  clientId: string,
  state: 'waiting' | 'sending' | 'sent',
  minutes: number,
): PendingMessage => ({
  clientId,
  text: clientId,
  createdAt: noon + minutes * MINUTE,
  status: state === 'waiting' ? { state, notBefore: 0, last: 'offline' } : { state },
});
const thread = (entries: LogEntry[], over: Partial<Parameters<typeof threadOf>[0]> = {}) =>
  threadOf({ entries, pending: [], me: 'me', firstUnreadSeq: null, hasOlder: false, ...over });
const items = (chunks: ReturnType<typeof threadOf>): ThreadItem[] => chunks.flatMap(chunk => chunk.items);
const bubbles = (chunks: ReturnType<typeof threadOf>): Bubble[] =>
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
    expect(before).toEqual(['1', '2']);
    expect(after).toEqual(['0', '1', '2']);
  });

  test('keeps a message’s key from pending to sent, so that nothing blinks', () => {
    const waiting = bubbles(thread([], { pending: [pending('c1', 'sending', 0)] }));
    const sent = bubbles(thread([entry(1, 'me', 0)]));
    expect(waiting.map(each => each.key)).toEqual(sent.map(each => each.key));
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
