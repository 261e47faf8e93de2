import { expect, test } from 'vitest';
import type { Chunk } from '../../state/thread.ts';
import { atTheEnd, contains, createHeights, rangeAt, shownOf, stepTo } from './window.ts';

const chunks: Chunk[] = Array.from({ length: 600 }, (_, key) => ({
  key: String(key),
  items: Array.from({ length: 16 }, (_, item) => ({ kind: 'unread' as const, key: `${key}-${item}` })),
}));
const heights = () => {
  const made = createHeights();
  for (const { key } of chunks) made.set(key, 1000);
  return made;
};

test('only what is near the screen is on the page, and the rest keeps its height', () => {
  const known = heights();
  const range = rangeAt(chunks, known, 300_000, 800, 1);
  const { shown, above, below } = shownOf(chunks, known, range);
  expect(shown.length).toBeLessThan(6);
  expect(above + below + shown.length * 1000).toBe(600_000);
  expect(below).toBeLessThanOrEqual(300_000 - 800);
  expect(above).toBeLessThanOrEqual(300_000 - 1600);
});

test('at the end the range is open, so that what comes is on the page at once', () => {
  const known = heights();
  const range = rangeAt(chunks, known, 0, 800, 1);
  expect(range.hi).toBe(Number.MAX_SAFE_INTEGER);
  expect(shownOf(chunks, known, range).below).toBe(0);
  expect(shownOf(chunks, known, atTheEnd).shown.at(-1)?.key).toBe('599');
});

test('a narrower range is contained in a wider one', () => {
  const known = heights();
  const wide = rangeAt(chunks, known, 100_000, 800, 2);
  expect(contains(wide, rangeAt(chunks, known, 100_000, 800, 0))).toBe(true);
  expect(contains(wide, rangeAt(chunks, known, 110_000, 800, 0))).toBe(false);
});

test('older chunks that come in keep the range where it was', () => {
  const known = heights();
  const late = chunks.slice(300);
  const range = rangeAt(late, known, 100_000, 800);
  expect(rangeAt(chunks, known, 100_000, 800)).toEqual(range);
});

test('what was never drawn has a guess by what is in it, which stays until it is drawn', () => {
  const made = createHeights();
  const [first, second] = chunks as [Chunk, Chunk];
  const guess = made.of(first);
  expect(guess).toBeGreaterThan(0);
  made.set('1', 1600);
  expect(made.of(first)).toBe(guess);
  expect(made.of(second)).toBe(1600);
  made.forget();
  expect(made.of(second)).toBe(guess);
});

test('BC-8: what is wanted comes chunk by chunk, and what is not wanted any more goes at once', () => {
  const last = 599;
  expect(stepTo({ lo: 300, hi: 310 }, { lo: 290, hi: 320 }, last)).toEqual({ lo: 299, hi: 311 });
  expect(stepTo({ lo: 300, hi: 310 }, { lo: 305, hi: 306 }, last)).toEqual({ lo: 305, hi: 306 });
  expect(stepTo({ lo: 300, hi: 310 }, { lo: 290, hi: 305 }, last)).toEqual({ lo: 299, hi: 305 });
  // Elsewhere: what is drawn is of no use there.
  expect(stepTo({ lo: 300, hi: 310 }, { lo: 20, hi: 30 }, last)).toEqual({ lo: 20, hi: 30 });
  expect(stepTo({ lo: 20, hi: 30 }, { lo: 300, hi: 310 }, last)).toEqual({ lo: 300, hi: 310 });
  // The end has no number: what comes there is drawn.
  expect(stepTo(atTheEnd, { lo: 590, hi: atTheEnd.hi }, last)).toEqual({ lo: 598, hi: atTheEnd.hi });
  expect(stepTo({ lo: 580, hi: 590 }, { lo: 580, hi: atTheEnd.hi }, last)).toEqual({ lo: 580, hi: 591 });
  expect(stepTo({ lo: 580, hi: 598 }, { lo: 580, hi: atTheEnd.hi }, last)).toEqual({
    lo: 580,
    hi: atTheEnd.hi,
  });
  expect(stepTo(atTheEnd, { lo: 580, hi: 595 }, last)).toEqual({ lo: 580, hi: 595 });
});

test('BC-8: steps come to what is wanted', () => {
  const wanted = { lo: 100, hi: 130 };
  let now = { lo: 128, hi: 140 };
  for (let at = 0; at < 28; at++) now = stepTo(now, wanted, 599);
  expect(now).toEqual(wanted);
  expect(stepTo(now, wanted, 599)).toEqual(wanted);
});
