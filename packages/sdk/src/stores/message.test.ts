import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ANA, BEN, entryOf } from '../test/samples.ts';
import { changeEntry, react } from './message.ts';

const account = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

test('BC-8 a reaction added or taken back twice is once', () => {
  const tap = fc.record({
    by: fc.constantFrom(ANA, BEN),
    emoji: fc.constantFrom('👍', '❤️'),
    on: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(tap, { maxLength: 20 }), tap, (taps, last) => {
      const before = taps.reduce(
        (now, { emoji, by, on }) => react(now, emoji, by, on),
        [] as ReturnType<typeof react>,
      );
      const once = react(before, last.emoji, last.by, last.on);
      expect(react(once, last.emoji, last.by, last.on)).toBe(once);
      const mine = once.find(each => each.emoji === last.emoji);
      expect(mine?.accounts.includes(last.by) ?? false).toBe(last.on);
      for (const each of once) expect(each.count).toBe(each.accounts.length);
    }),
  );
});

test('BC-8 of many who reacted fifty are named, and all are counted', () => {
  let now: ReturnType<typeof react> = [];
  for (let count = 1; count <= 60; count += 1) now = react(now, '👍', account(count), true);
  expect(now).toMatchObject([{ count: 60 }]);
  expect(now[0]?.accounts).toHaveLength(50);
  now = react(now, '👍', account(60), false);
  now = react(now, '👍', account(1), false);
  expect(now).toMatchObject([{ count: 58 }]);
  expect(now[0]?.accounts).toHaveLength(49);
});

test('BC-6 of what was taken out of view the trace is left, and no answer quotes it', () => {
  const first = entryOf(1, BEN, 'secret');
  const answer = entryOf(2, ANA, 'answer');
  const quote = { seq: 1, sender: BEN, text: 'secret', attachment: null };
  const quoting = { ...answer, message: { ...answer.message, reply: quote } };
  const hidden = { seq: 3, at: '', kind: 'hidden', by: null, of: 1 } as const;
  expect(changeEntry(first, hidden)).toMatchObject({ message: { text: '', hidden: true } });
  const changed = changeEntry(quoting, hidden);
  expect(changed).toMatchObject({ message: { text: 'answer', reply: { seq: 1, sender: BEN, text: '' } } });
  expect(changeEntry(changed, hidden)).toBe(changed);
});
