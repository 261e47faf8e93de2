import type { LogEntry } from '@sotto/protocol';

/** A stretch of a conversation's log without a gap (RT-3), and what is known to lie beyond. */
export interface LogWindow {
  /** Whether a page was ever loaded; before that there is no end to append to. */
  readonly loaded: boolean;
  /** Ascending by `seq`, without a gap. */
  readonly entries: readonly LogEntry[];
  /** Came ahead of entries that are still missing; ascending. */
  readonly early: readonly LogEntry[];
  /** The highest `seq` known to exist. */
  readonly head: number;
}

export const emptyWindow: LogWindow = { loaded: false, entries: [], early: [], head: 0 };

/** The last `seq` that is there without a gap; 0 for an empty log. */
export const lastSeq = (window: LogWindow): number => window.entries.at(-1)?.seq ?? 0;

/** Whether entries that exist are missing at the end (RT-5). */
export const hasGap = (window: LogWindow): boolean => window.loaded && window.head > lastSeq(window);

/** Whether there is more before what is shown. */
export const hasOlder = (window: LogWindow): boolean =>
  window.loaded ? (window.entries[0]?.seq ?? 1) > 1 : window.head > 0;

/** Adds entries as they come: in any order, any number of times. */
export function addEntries(window: LogWindow, added: readonly LogEntry[]): LogWindow {
  const last = lastSeq(window);
  const waiting = new Map(window.early.map(entry => [entry.seq, entry]));
  for (const entry of added) {
    if (!window.loaded || entry.seq > last) waiting.set(entry.seq, entry);
  }
  if (waiting.size === window.early.length) return window;
  return settle(window, window.entries, waiting);
}

function settle(
  window: LogWindow,
  entries: readonly LogEntry[],
  waiting: Map<number, LogEntry>,
  loaded = window.loaded,
): LogWindow {
  const next = [...entries];
  if (loaded) {
    let seq = (next.at(-1)?.seq ?? 0) + 1;
    for (let entry = waiting.get(seq); entry; entry = waiting.get(seq)) {
      next.push(entry);
      seq += 1;
    }
  }
  const last = next.at(-1)?.seq ?? 0;
  const early = [...waiting.values()]
    .filter(entry => !loaded || entry.seq > last)
    .sort((a, b) => a.seq - b.seq);
  const head = Math.max(window.head, last, early.at(-1)?.seq ?? 0);
  return { loaded, entries: next, early, head };
}

/** The newest page of the log. One that does not touch what is there replaces it: the rest can be paged to again. */
export function addNewest(
  window: LogWindow,
  page: { entries: readonly LogEntry[]; head: number },
): LogWindow {
  const known = { ...window, head: Math.max(window.head, page.head) };
  const first = page.entries[0]?.seq ?? 1;
  const last = page.entries.at(-1)?.seq ?? 0;
  if (window.loaded && last < (window.entries[0]?.seq ?? 0)) return known;
  const touches = window.loaded && first <= lastSeq(window) + 1;
  const kept = touches ? window.entries.filter(entry => entry.seq < first) : [];
  const newer = touches ? window.entries.filter(entry => entry.seq > last) : [];
  const waiting = new Map(window.early.map(entry => [entry.seq, entry]));
  return settle(known, [...kept, ...page.entries, ...newer], waiting, true);
}

/** A page before the first entry that is there. One that no longer adjoins is left out. */
export function addOlder(window: LogWindow, page: { entries: readonly LogEntry[]; head: number }): LogWindow {
  const first = window.entries[0]?.seq ?? 1;
  const older = page.entries.filter(entry => entry.seq < first);
  const head = Math.max(window.head, page.head);
  if (older.length === 0 || older.at(-1)?.seq !== first - 1) return { ...window, head };
  return { ...window, entries: [...older, ...window.entries], head };
}

/** The server said how far the log goes. */
export const addHead = (window: LogWindow, head: number): LogWindow =>
  head > window.head ? { ...window, head } : window;
