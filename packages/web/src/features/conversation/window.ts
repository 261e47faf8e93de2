import { boxOf } from '../../state/layout.ts';
import { cutOf } from '../../state/long.ts';
import type { Chunk, ThreadItem } from '../../state/thread.ts';

/** Chunks on the page, by the numbers that their keys are; from `lo` to `hi`, both in it. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** Everything at the end of a thread, whatever comes. */
export const atTheEnd: Range = { lo: Number.MAX_SAFE_INTEGER, hi: Number.MAX_SAFE_INTEGER };

/** Screens of messages that are drawn beyond what is in view, each way. */
const MARGIN = 1.25;
/** Screens of messages that stay on the page, each way, while one scrolls: taking them off costs a frame too. */
const KEPT = 5;

/** Heights of chunks as they were drawn last, and a guess for the others. */
export interface Heights {
  of(chunk: Chunk): number;
  set(key: string, height: number): void;
  /** The width is another: nothing measured holds any more. */
  forget(): void;
  /** Pixels from the top of each chunk to the end of the last, and 0 after it. Good until the next call. */
  sums(chunks: readonly Chunk[]): Float64Array;
}

export function createHeights(): Heights {
  const known = new Map<string, number>();
  let laid: readonly Chunk[] | undefined;
  let heights = new Float64Array();
  let sums = new Float64Array(1);
  let stale = true;
  const of = (chunk: Chunk) => known.get(chunk.key) ?? guessOf(chunk);
  return {
    of,
    set(key, height) {
      if (known.get(key) === height) return;
      known.set(key, height);
      stale = true;
      const index = laid ? indexOf(laid, Number(key)) : 0;
      if (laid?.[index]?.key === key) heights[index] = height;
    },
    forget() {
      known.clear();
      laid = undefined;
    },
    // Asked for at each frame: ten thousand messages are looked up only where other chunks are laid out.
    sums(chunks) {
      if (chunks !== laid) {
        laid = chunks;
        heights = Float64Array.from(chunks, of);
        sums = new Float64Array(chunks.length + 1);
        stale = true;
      }
      if (stale)
        for (let index = heights.length - 1; index >= 0; index--)
          sums[index] = (sums[index + 1] ?? 0) + (heights[index] ?? 0);
      stale = false;
      return sums;
    },
  };
}

/** The first index below `length` from which on it holds; `length` where it never does. */
export function firstIndex(length: number, holds: (index: number) => boolean): number {
  let from = 0;
  for (let to = length; from < to; ) {
    const middle = (from + to) >> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The first chunk whose number is at least this. */
const indexOf = (chunks: readonly Chunk[], key: number) =>
  firstIndex(chunks.length, index => Number(chunks[index]?.key) >= key);

const guesses = new WeakMap<Chunk, number>();

/** Pixels that a chunk will about take: the same as long as it is the same, so that nothing moves for a guess. */
function guessOf(chunk: Chunk): number {
  const known = guesses.get(chunk);
  if (known !== undefined) return known;
  const guess = chunk.items.reduce((sum, item) => sum + heightOf(item), 0);
  guesses.set(chunk, guess);
  return guess;
}

/** Characters on a line of a phone, and pixels of a line. */
const LINE = { characters: 36, height: 22 };
/** Pixels of the button that opens a long message. */
const MORE = 35;

function heightOf(item: ThreadItem): number {
  if (item.kind !== 'message') return 40;
  const { text, message } = item;
  const cut = cutOf(text);
  const lines = text
    .slice(0, cut ?? undefined)
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE.characters)), 0);
  const pictures = message?.attachments.filter(({ kind }) => kind !== 'voice') ?? [];
  const [only] = pictures;
  const shown = !only
    ? 0
    : pictures.length > 1
      ? 260
      : boxOf(only.width, only.height).width / boxOf(only.width, only.height).ratio;
  return (
    22 +
    (text ? lines * LINE.height : 0) +
    (cut === null ? 0 : MORE) +
    shown +
    (message?.attachments.length ? 52 : 0) +
    (message?.reply ? 50 : 0) +
    (message?.previews.length ?? 0) * 240 +
    (message?.reactions.length ? 24 : 0)
  );
}

/**
 * Which chunks belong on the page.
 * @param below pixels of the thread below the lower edge of the screen
 * @param screen its height in pixels
 * @param margin screens to add at both ends
 */
export function rangeAt(
  chunks: readonly Chunk[],
  heights: Heights,
  below: number,
  screen: number,
  margin = MARGIN,
): Range {
  const sums = heights.sums(chunks);
  const from = below - screen * margin;
  const to = below + screen * (1 + margin);
  const first = firstIndex(chunks.length, index => (sums[index + 1] ?? 0) <= to);
  const last = firstIndex(chunks.length, index => (sums[index] ?? 0) < from) - 1;
  const [lo, hi] = [chunks[first], chunks[last]];
  if (!lo || !hi || last < first) return atTheEnd;
  return {
    lo: Number(lo.key),
    hi: last === chunks.length - 1 ? Number.MAX_SAFE_INTEGER : Number(hi.key),
  };
}

/** What may stay on the page while one scrolls. */
export const keptAt = (chunks: readonly Chunk[], heights: Heights, below: number, screen: number): Range =>
  rangeAt(chunks, heights, below, screen, KEPT);

/** Chunks of a range, and the pixels that those before and after it take. The last ones where the range is beyond all. */
export function shownOf(chunks: readonly Chunk[], heights: Heights, { lo, hi }: Range) {
  const sums = heights.sums(chunks);
  const start = Math.max(0, Math.min(indexOf(chunks, lo), chunks.length - 2));
  const end = Math.max(start, indexOf(chunks, hi + 1));
  return {
    shown: chunks.slice(start, end),
    above: (sums[0] ?? 0) - (sums[start] ?? 0),
    below: sums[end] ?? 0,
  };
}

/**
 * From what is drawn one chunk nearer to what is wanted, each way: so no frame has to put much on the page. What is beyond
 * `kept` goes at once.
 * @param last the number of the last chunk
 */
export function stepTo(held: Range, wanted: Range, kept: Range, last: number): Range {
  const [lo, hi] = [Math.min(held.lo, last), Math.min(held.hi, last)];
  // They do not touch: there is nothing to go on from.
  if (Math.min(wanted.lo, last) > hi + 1 || Math.min(wanted.hi, last) < lo - 1) return wanted;
  const next = wanted.hi > hi ? Math.min(wanted.hi, hi + 1) : Math.min(held.hi, kept.hi);
  return {
    lo: wanted.lo < lo ? lo - 1 : Math.max(lo, kept.lo),
    hi: next >= last ? Math.max(next, wanted.hi) : next,
  };
}

/** What is drawn with what is needed at once, if the two touch; else that alone. */
export function joinTo(held: Range, needed: Range, kept: Range, last: number): Range {
  const lo = Math.min(held.lo, last);
  if (Math.min(needed.lo, last) > held.hi + 1 || needed.hi < lo - 1) return needed;
  return {
    lo: Math.max(Math.min(lo, needed.lo), kept.lo),
    hi: Math.min(Math.max(held.hi, needed.hi), kept.hi),
  };
}

export const contains = (outer: Range, inner: Range): boolean => outer.lo <= inner.lo && outer.hi >= inner.hi;
