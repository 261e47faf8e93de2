import {
  type RefCallback,
  type RefObject,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Chunk } from '../../state/thread.ts';
import { markFound, unmarkFound } from './found.ts';
import { anchorOf, lowestSeq } from './in-view.ts';
import {
  atTheEnd,
  contains,
  createHeights,
  joinTo,
  keptAt,
  type Range,
  rangeAt,
  shownOf,
  stepTo,
} from './window.ts';

/** Pixels from the end within which one counts as reading the latest. */
const NEAR = 80;
/** Pixels from either end of what is loaded at which the next page is fetched. */
const AHEAD = 1800;
/** Milliseconds after which a box that scrolled has come to rest. */
const STILL = 200;
/** Milliseconds between two looks at what was seen, while the box scrolls. */
const GLANCE = 120;
/** How long a place that was asked for is waited for, ms. */
const PATIENCE = 8000;

/** A message, and what was searched for in it; or the end. */
type Where = { seq: number; find?: string | undefined } | { end: true };

/** Where to go: a message by its place, the line above what is new, or the end. */
type Goal =
  | { seq: number; find?: string | undefined; until: number }
  | { unread: true; until: number }
  | { end: true };

/** What a person does to go elsewhere in a thread. */
const ownWays = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

interface ThreadScrollInput {
  chunks: readonly Chunk[];
  hasOlder: boolean;
  hasNewer: boolean;
  loadOlder: () => void;
  loadNewer: () => void;
  /** Where what is new begins: gone to once it is there, unless the person went elsewhere; null: nothing is. */
  firstUnreadSeq: number | null;
  /** Fetches it, where it is further back than what is loaded and worth going to. */
  loadUnread: (() => void) | null;
  /** That is certain: until then nothing is seen. */
  settled: boolean;
  /** It was asked to open at another place. */
  elsewhere: boolean;
  /** The lowest message that is in view. */
  onSeen: (seq: number) => void;
}

export interface ThreadScroll {
  scroller: RefObject<HTMLDivElement | null>;
  /** Watches the height of a chunk. */
  watch: RefCallback<HTMLElement>;
  shown: readonly Chunk[];
  /** Pixels that stand for what is loaded and not drawn. */
  above: number;
  below: number;
  /** The latest is not in view. */
  away: boolean;
  /** To be called before a change of the page: notes what is in view. */
  remember: () => void;
  goTo: (goal: Where) => void;
  /** To be called before a message in view grows: it does so downwards, also where one reads the end. */
  stay: () => void;
}

/** Pixels of the thread below the lower edge of the box. */
const belowOf = (box: HTMLElement) => Math.max(0, box.scrollHeight - box.clientHeight - box.scrollTop);

/**
 * Keeps what is in view where it is, whatever comes in above, below or in between, and only what is near the screen on the
 * page. Where the browser anchors scrolling itself (CSS Scroll Anchoring), it has done so by the time we look, also in the
 * middle of a swing; else we do.
 */
export function useThreadScroll(input: ThreadScrollInput): ThreadScroll {
  const { chunks } = input;
  const scroller = useRef<HTMLDivElement>(null);
  const heights = useMemo(createHeights, []);
  const [range, setRange] = useState<Range>(atTheEnd);
  /** The range that is on the page, also while another is being drawn. */
  const drawn = useRef(range);
  const [away, setAway] = useState(false);
  const [, retry] = useState(0);
  const anchor = useRef<{ key: string; top: number }>(undefined);
  const atEnd = useRef(true);
  const goal = useRef<Goal>(undefined);
  /** The beginning of what is new that was gone to; undefined: one was not looked for yet. */
  const begun = useRef<number | null>(undefined);
  /** The person went their own way: where a thread opens is decided no more. */
  const touched = useRef(input.elsewhere);
  const moved = useRef(0);
  const glanced = useRef(0);
  const latest = useRef(input);
  latest.current = input;

  const remember = useCallback(() => {
    const box = scroller.current;
    anchor.current = box && !atEnd.current ? anchorOf(box) : undefined;
  }, []);

  /** Looks at where one is: what to draw, what to load, what was seen. */
  const look = useCallback(() => {
    const box = scroller.current;
    // On the way to what is new nothing is seen: the end, where a thread begins to be drawn, is not read by that.
    if (!box || (goal.current && 'unread' in goal.current)) return;
    const now = latest.current;
    const time = Date.now();
    const moving = time - moved.current < STILL;
    const below = belowOf(box);
    const screen = box.clientHeight;
    atEnd.current = below < NEAR && !now.hasNewer;
    setAway(!atEnd.current);
    const held = drawn.current;
    const needed = rangeAt(now.chunks, heights, below, screen, 0.2);
    const wanted = rangeAt(now.chunks, heights, below, screen);
    const kept = moving ? keptAt(now.chunks, heights, below, screen) : wanted;
    const last = Number(now.chunks.at(-1)?.key ?? 0);
    if (!contains(held, needed)) setRange(joinTo(held, needed, kept, last));
    else {
      const next = stepTo(held, wanted, kept, last);
      if (!same(held, next)) startTransition(() => setRange(next));
    }
    if (now.hasOlder && box.scrollTop < AHEAD) now.loadOlder();
    if (now.hasNewer && below < AHEAD) now.loadNewer();
    if (!now.settled || (moving && time - glanced.current < GLANCE)) return;
    glanced.current = time;
    const seen = lowestSeq(box);
    if (seen !== null) now.onSeen(seen);
  }, [heights]);
  /** The same where something else is in view than before: it is seen now, also by who goes on at once. */
  const lookAnew = useCallback(() => {
    glanced.current = 0;
    look();
  }, [look]);

  /** Puts what was in view back to where it was. */
  const hold = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    if (atEnd.current) {
      // A finger that just begins to go away is not held back.
      if (belowOf(box) > 0 && Date.now() - moved.current > STILL) box.scrollTop = box.scrollHeight;
      return;
    }
    const was = anchor.current;
    const element = was && box.querySelector(`[data-key="${CSS.escape(was.key)}"]`);
    if (!element) return;
    const by = element.getBoundingClientRect().top - box.getBoundingClientRect().top - was.top;
    if (Math.abs(by) >= 0.75) box.scrollTop += by;
  }, []);

  /** Goes to where one asked to go, if it is on the page by now. */
  const arrive = useCallback(() => {
    const box = scroller.current;
    const to = goal.current;
    if (!box || !to) return;
    if ('end' in to) {
      if (latest.current.hasNewer) return;
      goal.current = undefined;
      atEnd.current = true;
      box.scrollTop = box.scrollHeight;
      return;
    }
    const place =
      'unread' in to ? placeOfUnread(latest.current.chunks) : placeOf(latest.current.chunks, to.seq);
    if (!place) {
      const awaited = !('unread' in to) || latest.current.loadUnread !== null;
      if (!awaited || Date.now() > to.until) goal.current = undefined;
      return;
    }
    const element = box.querySelector<HTMLElement>(`[data-key="${CSS.escape(place.key)}"]`);
    if (!element) {
      setRange({ lo: place.chunk - 1, hi: place.chunk + 1 });
      return;
    }
    goal.current = undefined;
    const view = box.getBoundingClientRect();
    let at: DOMRect = element.getBoundingClientRect();
    if ('unread' in to) {
      // Where all that is new fits on the screen, the end is the place to be.
      const below = box.scrollTop + at.top - view.top;
      const fits = !latest.current.hasNewer && box.scrollHeight - below + 8 <= box.clientHeight;
      box.scrollTop = fits ? box.scrollHeight : below - view.height * 0.2;
    } else {
      if (to.find === undefined) unmarkFound();
      const found = to.find === undefined ? null : markFound(element, to.find);
      // Of a message that is higher than the screen, what was searched for is what one wants to see.
      if (found && at.height > view.height - 48) at = found.getBoundingClientRect();
      const middle = Math.max(view.top + 24, view.top + (view.height - at.height) / 2);
      box.scrollTop += at.top - middle;
      flash(element);
    }
    atEnd.current = belowOf(box) < NEAR && !latest.current.hasNewer;
    anchor.current = anchorOf(box);
  }, []);

  useLayoutEffect(() => {
    drawn.current = range;
  }, [range]);
  const { firstUnreadSeq, settled, loadUnread } = input;
  useLayoutEffect(() => {
    const was = begun.current;
    if (was === firstUnreadSeq || (firstUnreadSeq !== null && !placeOfUnread(chunks))) return;
    begun.current = firstUnreadSeq;
    if (touched.current) return;
    // Nothing is new after all: the end is the place to be.
    if (firstUnreadSeq === null) goal.current = was === undefined ? goal.current : { end: true };
    else goal.current ??= { unread: true, until: Date.now() + PATIENCE };
  }, [firstUnreadSeq, chunks]);
  const asked = useRef(false);
  useLayoutEffect(() => {
    if (!settled || !loadUnread || asked.current || touched.current) return;
    asked.current = true;
    goal.current ??= { unread: true, until: Date.now() + PATIENCE };
    loadUnread();
  }, [settled, loadUnread]);
  // After every change of the page, whatever it was.
  useLayoutEffect(() => {
    const going = goal.current;
    hold();
    arrive();
    if (going && !goal.current) lookAnew();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new is seen by whoever reads the end.
  useLayoutEffect(() => {
    if (atEnd.current && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [chunks]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other content is another place to look at.
  useLayoutEffect(lookAnew, [lookAnew, chunks, input.hasOlder, input.hasNewer, settled]);

  // What is wanted comes chunk by chunk, a frame each.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step asks for the next one.
  useEffect(() => {
    const next = requestAnimationFrame(look);
    return () => cancelAnimationFrame(next);
  }, [look, range]);

  const sizes = useMemo(() => {
    if (typeof ResizeObserver === 'undefined') return null;
    return new ResizeObserver(entries => {
      for (const { target, borderBoxSize } of entries) {
        const { chunk } = (target as HTMLElement).dataset;
        if (chunk && target.isConnected) heights.set(chunk, borderBoxSize[0]?.blockSize ?? 0);
      }
      hold();
    });
  }, [heights, hold]);
  const watch = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      sizes?.observe(element);
      return () => sizes?.unobserve(element);
    },
    [sizes],
  );

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let width = box.clientWidth;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      moved.current = Date.now();
      look();
      remember();
      clearTimeout(rest);
      rest = setTimeout(() => {
        moved.current = 0;
        look();
      }, STILL);
    };
    const resize = new ResizeObserver(() => {
      if (box.clientWidth !== width) {
        width = box.clientWidth;
        heights.forget();
        retry(now => now + 1);
      }
      if (atEnd.current) box.scrollTop = box.scrollHeight;
      hold();
      lookAnew();
    });
    const onTouch = () => {
      touched.current = true;
      if (goal.current && 'unread' in goal.current) goal.current = undefined;
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    for (const each of ownWays) box.addEventListener(each, onTouch, { passive: true });
    resize.observe(box);
    return () => {
      clearTimeout(rest);
      box.removeEventListener('scroll', onScroll);
      for (const each of ownWays) box.removeEventListener(each, onTouch);
      resize.disconnect();
      sizes?.disconnect();
    };
  }, [look, lookAnew, remember, hold, heights, sizes]);

  const goTo = useCallback((to: Where) => {
    touched.current = true;
    goal.current = 'seq' in to ? { ...to, until: Date.now() + PATIENCE } : to;
    if ('end' in to) setRange(atTheEnd);
    retry(now => now + 1);
  }, []);

  const stay = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    atEnd.current = false;
    anchor.current = anchorOf(box);
    requestAnimationFrame(look);
  }, [look]);

  return { scroller, watch, ...shownOf(chunks, heights, range), away, remember, goTo, stay };
}

const same = (a: Range, b: Range) => a.lo === b.lo && a.hi === b.hi;

function placeOf(chunks: readonly Chunk[], seq: number): { chunk: number; key: string } | null {
  let before: { chunk: number; key: string } | null = null;
  for (const chunk of chunks) {
    for (const item of chunk.items) {
      const at = item.kind === 'message' ? item.seq : item.kind === 'system' ? item.entry.seq : null;
      if (at === null) continue;
      const from = item.kind === 'system' ? item.from : at;
      // What only changed another is not shown: its neighbour is the place.
      if (at >= seq) return from <= seq || before ? { chunk: Number(chunk.key), key: item.key } : null;
      before = { chunk: Number(chunk.key), key: item.key };
    }
  }
  return null;
}

function placeOfUnread(chunks: readonly Chunk[]): { chunk: number; key: string } | null {
  for (const chunk of chunks)
    if (chunk.items.some(({ kind }) => kind === 'unread')) return { chunk: Number(chunk.key), key: 'unread' };
  return null;
}

function flash(element: HTMLElement): void {
  element.dataset.flash = '';
  element.focus({ preventScroll: true });
  setTimeout(() => delete element.dataset.flash, 1600);
}
