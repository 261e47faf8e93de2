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

/** Heights of chunks as they were drawn last, and a guess for the others. */
export interface Heights {
  of(chunk: Chunk): number;
  set(key: string, height: number): void;
  /** The width is another: nothing measured holds any more. */
  forget(): void;
}

export function createHeights(): Heights {
  const known = new Map<string, number>();
  return {
    of: chunk => known.get(chunk.key) ?? guessOf(chunk),
    set: (key, height) => void known.set(key, height),
    forget: () => known.clear(),
  };
}

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
  const from = below - screen * margin;
  const to = below + screen * (1 + margin);
  let bottom = 0;
  let lo: number | null = null;
  let hi: number | null = null;
  for (let index = chunks.length - 1; index >= 0; index--) {
    const chunk = chunks[index];
    if (!chunk) continue;
    const top = bottom + heights.of(chunk);
    if (top >= from && bottom <= to) {
      hi ??= index === chunks.length - 1 ? Number.MAX_SAFE_INTEGER : Number(chunk.key);
      lo = Number(chunk.key);
    }
    if (bottom > to) break;
    bottom = top;
  }
  return lo === null || hi === null ? atTheEnd : { lo, hi };
}

/** Chunks of a range, and the pixels that those before and after it take. The last ones where the range is beyond all. */
export function shownOf(chunks: readonly Chunk[], heights: Heights, { lo, hi }: Range) {
  let above = 0;
  let below = 0;
  const shown: Chunk[] = [];
  const start = Math.min(lo, Number(chunks.at(-2)?.key ?? chunks.at(-1)?.key ?? 0));
  for (const chunk of chunks) {
    const key = Number(chunk.key);
    if (key < start) above += heights.of(chunk);
    else if (key > hi) below += heights.of(chunk);
    else shown.push(chunk);
  }
  return { shown, above, below };
}

/**
 * From what is drawn one chunk nearer to what is wanted, each way: so no frame has to put much on the page. What is not
 * wanted any more goes at once.
 * @param last the number of the last chunk
 */
export function stepTo(held: Range, wanted: Range, last: number): Range {
  const [lo, hi] = [Math.min(held.lo, last), Math.min(held.hi, last)];
  // They do not touch: there is nothing to go on from.
  if (Math.min(wanted.lo, last) > hi + 1 || Math.min(wanted.hi, last) < lo - 1) return wanted;
  const next = wanted.hi > hi ? Math.min(wanted.hi, hi + 1) : wanted.hi;
  return {
    lo: wanted.lo < lo ? lo - 1 : wanted.lo,
    hi: next >= last ? Math.max(next, wanted.hi) : next,
  };
}

export const contains = (outer: Range, inner: Range): boolean => outer.lo <= inner.lo && outer.hi >= inner.hi;
