import type { Chunk } from '../../state/thread.ts';

/** Chunks on the page, by the numbers that their keys are; from `lo` to `hi`, both in it. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** Everything at the end of a thread, whatever comes. */
export const atTheEnd: Range = { lo: Number.MAX_SAFE_INTEGER, hi: Number.MAX_SAFE_INTEGER };

/** Pixels of a message that was never drawn. */
const GUESS = 64;
/** Screens of messages that are drawn beyond what is in view, each way. */
const MARGIN = 1.25;

/** Heights of chunks as they were drawn last, and a guess for the others. */
export interface Heights {
  of(chunk: Chunk): number;
  set(key: string, height: number, items: number): void;
  /** The width is another: nothing measured holds any more. */
  forget(): void;
}

export function createHeights(): Heights {
  const known = new Map<string, number>();
  let sum = 0;
  let items = 0;
  return {
    of: chunk => known.get(chunk.key) ?? chunk.items.length * (items > 20 ? sum / items : GUESS),
    set(key, height, count) {
      if (!known.has(key)) {
        sum += height;
        items += count;
      }
      known.set(key, height);
    },
    forget() {
      known.clear();
      sum = 0;
      items = 0;
    },
  };
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

export const contains = (outer: Range, inner: Range): boolean => outer.lo <= inner.lo && outer.hi >= inner.hi;
