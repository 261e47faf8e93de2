import type { LogEntry } from '@sotto/protocol';
import { type ChangeEntry, changeEntry, isChange } from './message.ts';

/**
 * A stretch of a conversation's log without a gap (RT-3), and what is known to lie beyond. Its messages are as all its
 * entries have made them: each change is worked in exactly once, when the stretch reaches it.
 */
export interface LogWindow {
  /** Whether a page was ever loaded; before that there is no end to append to. */
  readonly loaded: boolean;
  /** Ascending by `seq`, without a gap. */
  readonly entries: readonly LogEntry[];
  /** Messages that came as they were later than the last entry: by `seq`, up to which change they have. */
  readonly ahead: ReadonlyMap<number, number>;
  /** Came ahead of entries that are still missing; ascending. */
  readonly early: readonly Held[];
  /** The highest `seq` known to exist. */
  readonly head: number;
  /** The first entry that is for the reader (BC-2). */
  readonly firstSeq: number;
}

/** An entry with all changes up to `asOf` in it. Having them twice does no harm: the last word on a thing wins. */
export interface Held {
  readonly entry: LogEntry;
  readonly asOf: number;
}

/** Part of a log as the server sent it. */
export interface Page {
  readonly entries: readonly LogEntry[];
  readonly head: number;
  readonly firstSeq?: number;
  /** The head that was known when the page was asked for: what the server says is at least as new. */
  readonly knownHead?: number;
}

export const emptyWindow: LogWindow = {
  loaded: false,
  entries: [],
  ahead: new Map(),
  early: [],
  head: 0,
  firstSeq: 1,
};

/** The last `seq` that is there without a gap; before the first that is for the reader, if there is none. */
export const lastSeq = (window: LogWindow): number => window.entries.at(-1)?.seq ?? window.firstSeq - 1;

/** Whether entries that exist are missing at the end (RT-5). */
export const hasGap = (window: LogWindow): boolean => window.loaded && window.head > lastSeq(window);

/** Whether there is more before what is shown. */
export const hasOlder = (window: LogWindow): boolean =>
  window.loaded
    ? (window.entries[0]?.seq ?? window.firstSeq) > window.firstSeq
    : window.head >= window.firstSeq;

/** Entries of a page, with what is sure to be worked into them. `head` is not: it may be newer than the entries. */
export function heldOf({ entries, knownHead = 0 }: Pick<Page, 'entries' | 'knownHead'>): Held[] {
  const asOf = Math.max(knownHead, entries.at(-1)?.seq ?? 0);
  return entries.map(entry => ({ entry, asOf }));
}

/** Adds entries as they come: in any order, any number of times. */
export function addEntries(window: LogWindow, added: readonly Held[]): LogWindow {
  const last = lastSeq(window);
  const waiting = new Map(window.early.map(held => [held.entry.seq, held]));
  for (const held of added) {
    const { seq } = held.entry;
    if (seq < window.firstSeq || (window.loaded && seq <= last)) continue;
    if ((waiting.get(seq)?.asOf ?? 0) < held.asOf) waiting.set(seq, held);
  }
  if (waiting.size === window.early.length) return window;
  return advance(window, waiting);
}

/** Appends what follows without a gap, with what it changes in the messages before it. */
function advance(window: LogWindow, waiting: ReadonlyMap<number, Held>): LogWindow {
  const entries = [...window.entries];
  const ahead = new Map(window.ahead);
  let last = lastSeq(window);
  if (window.loaded) {
    for (let held = waiting.get(last + 1); held; held = waiting.get(last + 1)) {
      last += 1;
      if (isChange(held.entry)) work(entries, held.entry, ahead);
      entries.push(held.entry);
      if (held.asOf > last && held.entry.kind === 'message') ahead.set(last, held.asOf);
    }
    for (const [seq, asOf] of ahead) if (asOf <= last) ahead.delete(seq);
  }
  const early = [...waiting.values()]
    .filter(({ entry }) => !window.loaded || entry.seq > last)
    .sort((a, b) => a.entry.seq - b.entry.seq);
  const head = Math.max(window.head, last, early.at(-1)?.entry.seq ?? 0);
  return { ...window, entries, ahead, early, head };
}

/** Works a change into the entries that do not have it yet. Those come without a gap: a place is found by counting. */
function work(entries: LogEntry[], change: ChangeEntry, ahead: ReadonlyMap<number, number>): void {
  const first = entries[0]?.seq ?? 0;
  // What was taken out of view is quoted nowhere either.
  const from = Math.max(0, change.of - first);
  const to = change.kind === 'hidden' ? entries.length : change.of - first + 1;
  if (change.of < first && change.kind !== 'hidden') return;
  for (let index = from; index < Math.min(to, entries.length); index += 1) {
    const entry = entries[index];
    if (entry && (ahead.get(entry.seq) ?? 0) < change.seq) entries[index] = changeEntry(entry, change);
  }
}

/** Lays entries over a window that they touch. Of two copies the newer one counts. */
export function overlay(window: LogWindow, added: readonly Held[]): LogWindow {
  const last = lastSeq(window);
  const all = new Map<number, Held>();
  for (const entry of window.entries)
    all.set(entry.seq, { entry, asOf: Math.max(last, window.ahead.get(entry.seq) ?? 0) });
  for (const held of added) {
    const { seq } = held.entry;
    if (seq >= window.firstSeq && (all.get(seq)?.asOf ?? 0) < held.asOf) all.set(seq, held);
  }
  const sorted = [...all.values()].sort((a, b) => a.entry.seq - b.entry.seq);
  const entries = sorted.map(({ entry }) => entry);
  const asOf = new Map(sorted.map(held => [held.entry.seq, held.asOf]));
  const oldest = sorted.reduce((least, held) => Math.min(least, held.asOf), Number.POSITIVE_INFINITY);
  for (const { entry } of sorted) if (isChange(entry) && entry.seq > oldest) work(entries, entry, asOf);
  const end = entries.at(-1)?.seq ?? last;
  const ahead = new Map(
    sorted.flatMap(held =>
      held.asOf > end && held.entry.kind === 'message' ? [[held.entry.seq, held.asOf] as const] : [],
    ),
  );
  const waiting = new Map(window.early.map(held => [held.entry.seq, held]));
  return advance({ ...window, entries, ahead, loaded: true }, waiting);
}

/** The newest page of the log. One that does not touch what is there replaces it: the rest can be paged to again. */
export function addNewest(window: LogWindow, page: Page): LogWindow {
  const known = withBounds(window, page);
  const first = page.entries[0]?.seq ?? known.firstSeq;
  const last = page.entries.at(-1)?.seq ?? known.firstSeq - 1;
  if (window.loaded && last < (known.entries[0]?.seq ?? 0)) return known;
  const touches = window.loaded && first <= lastSeq(known) + 1;
  return overlay(touches ? known : { ...known, entries: [], ahead: new Map() }, heldOf(page));
}

/** A page before the first entry that is there. One that no longer adjoins is left out. */
export function addOlder(window: LogWindow, page: Page): LogWindow {
  const known = withBounds(window, page);
  const first = window.entries[0]?.seq ?? known.firstSeq;
  const older = heldOf(page).filter(({ entry }) => entry.seq < first);
  if (older.at(-1)?.entry.seq !== first - 1) return known;
  const last = lastSeq(known);
  const isAsNew = older.every(({ entry, asOf }) => entry.seq >= known.firstSeq && asOf >= last);
  return known.loaded && isAsNew ? putBefore(known, older) : overlay(known, older);
}

/** Entries that have in them all that the window has: nothing of it is to be worked into them, however long it is. */
function putBefore(window: LogWindow, older: readonly Held[]): LogWindow {
  const last = lastSeq(window);
  const ahead = new Map(window.ahead);
  for (const { entry, asOf } of older)
    if (asOf > last && entry.kind === 'message') ahead.set(entry.seq, asOf);
  const entries = [...older.map(({ entry }) => entry), ...window.entries];
  return { ...window, entries, ahead };
}

/** A stretch somewhere in the log, by itself. */
export const windowOf = (page: Page): LogWindow => overlay(withBounds(emptyWindow, page), heldOf(page));

/**
 * A change that came at the end of the log, worked into a stretch that does not reach so far. To be told all of them, in
 * their order, since the stretch was loaded.
 */
export function changeFurtherBack(window: LogWindow, change: ChangeEntry): LogWindow {
  const last = lastSeq(window);
  if (change.seq <= last) return window;
  const entries = [...window.entries];
  const ahead = new Map(window.ahead);
  work(entries, change, ahead);
  let isChanged = false;
  entries.forEach((entry, index) => {
    if (entry === window.entries[index]) return;
    isChanged = true;
    ahead.set(entry.seq, change.seq);
  });
  return isChanged ? { ...window, entries, ahead } : window;
}

/** Lets the oldest go, so that a talk that runs for hours does not grow for ever. */
export const trimTo = (window: LogWindow, length: number): LogWindow =>
  window.entries.length <= length ? window : { ...window, entries: window.entries.slice(-length) };

/** The server said how far the log goes. */
export const addHead = (window: LogWindow, head: number): LogWindow =>
  head > window.head ? { ...window, head } : window;

/** What a page says of the log's ends. What was before one came is not for one, though it was (BC-2). */
export function withBounds(window: LogWindow, page: Pick<Page, 'head' | 'firstSeq'>): LogWindow {
  const firstSeq = Math.max(window.firstSeq, page.firstSeq ?? 1);
  const known = addHead(window, page.head);
  if (firstSeq === window.firstSeq) return known;
  const isOurs = (seq: number) => seq >= firstSeq;
  const ours = { ...known, firstSeq, entries: known.entries.filter(entry => isOurs(entry.seq)) };
  const waiting = known.early.filter(({ entry }) => isOurs(entry.seq));
  return advance(ours, new Map(waiting.map(held => [held.entry.seq, held])));
}
