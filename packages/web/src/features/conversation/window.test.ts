import { expect, test } from 'vitest';
import type { Chunk } from '../../state/thread.ts';
import { atTheEnd, contains, createHeights, joinTo, type Range, rangeAt, shownOf, stepTo } from './window.ts';

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

test('the sums of the heights follow what was measured, and other chunks', () => {
  const known = heights();
  const sumsOf = (of: readonly Chunk[]) => of.map((_, index) => known.sums(of)[index]);
  expect(known.sums(chunks)[0]).toBe(600_000);
  known.set('598', 1500);
  known.set('598', 1250);
  expect(known.sums(chunks)[0]).toBe(600_250);
  expect(known.sums(chunks)[598]).toBe(2250);
  expect(known.sums(chunks)[599]).toBe(1000);
  expect(known.sums(chunks)[600]).toBe(0);
  expect(sumsOf(chunks.slice(300))).toEqual(sumsOf(chunks).slice(300));
  known.forget();
  expect(known.sums(chunks)[599]).toBe(known.of(chunks[599] as Chunk));
});

test('a range of chunks, some of whose numbers are missing, is found by what is there', () => {
  const known = heights();
  const some = chunks.filter(({ key }) => Number(key) % 7 !== 3);
  for (const below of [0, 900, 1000, 80_500, 400_000, 900_000]) {
    const range = rangeAt(some, known, below, 800, 1);
    const { shown, above, below: after } = shownOf(some, known, range);
    expect(above + after + shown.length * 1000).toBe(some.length * 1000);
    expect(shown.map(({ key }) => Number(key)).every(key => key >= range.lo || shown.length === 2)).toBe(
      true,
    );
  }
  expect(shownOf([], known, atTheEnd)).toEqual({ shown: [], above: 0, below: 0 });
  expect(shownOf(some.slice(0, 1), known, atTheEnd).shown).toHaveLength(1);
});

test('BC-8: what is wanted comes chunk by chunk, and what is not to be kept goes at once', () => {
  const last = 599;
  const step = (held: Range, wanted: Range, kept = wanted) => stepTo(held, wanted, kept, last);
  expect(step({ lo: 300, hi: 310 }, { lo: 290, hi: 320 })).toEqual({ lo: 299, hi: 311 });
  expect(step({ lo: 300, hi: 310 }, { lo: 305, hi: 306 })).toEqual({ lo: 305, hi: 306 });
  expect(step({ lo: 300, hi: 310 }, { lo: 290, hi: 305 })).toEqual({ lo: 299, hi: 305 });
  // While one scrolls, what one comes from stays for a while.
  expect(step({ lo: 300, hi: 310 }, { lo: 290, hi: 305 }, { lo: 270, hi: 308 })).toEqual({
    lo: 299,
    hi: 308,
  });
  expect(step({ lo: 300, hi: 310 }, { lo: 305, hi: 320 }, { lo: 280, hi: 340 })).toEqual({
    lo: 300,
    hi: 311,
  });
  // Elsewhere: what is drawn is of no use there.
  expect(step({ lo: 300, hi: 310 }, { lo: 20, hi: 30 })).toEqual({ lo: 20, hi: 30 });
  expect(step({ lo: 20, hi: 30 }, { lo: 300, hi: 310 })).toEqual({ lo: 300, hi: 310 });
  // The end has no number: what comes there is drawn.
  const { hi } = atTheEnd;
  expect(step(atTheEnd, { lo: 590, hi })).toEqual({ lo: 598, hi });
  expect(step({ lo: 580, hi: 590 }, { lo: 580, hi })).toEqual({ lo: 580, hi: 591 });
  expect(step({ lo: 580, hi: 598 }, { lo: 580, hi })).toEqual({ lo: 580, hi });
  expect(step(atTheEnd, { lo: 580, hi: 595 })).toEqual({ lo: 580, hi: 595 });
});

test('BC-8: what is needed at once comes with what is drawn, if the two touch', () => {
  const last = 599;
  const kept = { lo: 250, hi: 350 };
  expect(joinTo({ lo: 300, hi: 310 }, { lo: 295, hi: 302 }, kept, last)).toEqual({ lo: 295, hi: 310 });
  expect(joinTo({ lo: 300, hi: 390 }, { lo: 295, hi: 302 }, kept, last)).toEqual({ lo: 295, hi: 350 });
  expect(joinTo({ lo: 300, hi: 310 }, { lo: 311, hi: 315 }, kept, last)).toEqual({ lo: 300, hi: 315 });
  expect(joinTo({ lo: 300, hi: 310 }, { lo: 320, hi: 325 }, kept, last)).toEqual({ lo: 320, hi: 325 });
  expect(joinTo({ lo: 300, hi: 310 }, { lo: 280, hi: 290 }, kept, last)).toEqual({ lo: 280, hi: 290 });
  const end = { lo: 590, hi: atTheEnd.hi };
  expect(joinTo(atTheEnd, end, end, last)).toEqual(end);
});

test('BC-8: steps come to what is wanted', () => {
  const wanted = { lo: 100, hi: 130 };
  let now = { lo: 128, hi: 140 };
  for (let at = 0; at < 28; at++) now = stepTo(now, wanted, wanted, 599);
  expect(now).toEqual(wanted);
  expect(stepTo(now, wanted, wanted, 599)).toEqual(wanted);
});
