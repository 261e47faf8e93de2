import type { AccountId, LogEntry } from '@sotto/protocol';
import {
  addEntries,
  addHead,
  addNewest,
  addOlder,
  changeFurtherBack,
  emptyWindow,
  heldOf,
  type LogWindow,
  lastSeq,
  overlay,
  type Page,
  trimTo,
  windowOf,
  withBounds,
} from './log-window.ts';
import { isChange } from './message.ts';

/** What this client has of one conversation's log, and who is writing in it. */
export interface ConversationLog {
  /** The newest stretch, kept up by events. */
  readonly window: LogWindow;
  /** A stretch further back that a screen went to; null while it shows the newest. */
  readonly aside: LogWindow | null;
  /** Until when, in ms since the epoch, each is shown as writing. */
  readonly typing: ReadonlyMap<AccountId, number>;
}

export type ConversationInput =
  /** As they were written: nothing that came later is in them. */
  | { readonly type: 'written'; readonly entries: readonly LogEntry[] }
  /** Several at once, in order: what `resumed` or a query after a gap brought. */
  | ({ readonly type: 'entries'; readonly head?: number } & Omit<Page, 'head'>)
  | { readonly type: 'newest'; readonly page: Page }
  /** Before or after what is shown. */
  | { readonly type: 'older'; readonly page: Page }
  | { readonly type: 'newer'; readonly page: Page }
  /** A stretch somewhere else is to be shown. */
  | { readonly type: 'aside'; readonly page: Page }
  | { readonly type: 'latest' }
  | { readonly type: 'head'; readonly head: number }
  | { readonly type: 'trim'; readonly length: number }
  | { readonly type: 'typing'; readonly account: AccountId; readonly now: number }
  | { readonly type: 'time'; readonly now: number }
  /** Too much was missed (RT-6), or others can be seen than before: what is there is let go, and loaded afresh. */
  | { readonly type: 'limited' };

export const emptyConversation: ConversationLog = { window: emptyWindow, aside: null, typing: new Map() };

/** How long one is shown as writing after the last sign of it, ms. */
export const TYPING_SHOWN = 6000;

/** What is on the screen. */
export const shownWindow = (log: ConversationLog): LogWindow => log.aside ?? log.window;

/** What an event or an answer makes of a conversation. Repeated, late and early ones do no harm (RT-5). */
export function reduceConversation(log: ConversationLog, input: ConversationInput): ConversationLog {
  switch (input.type) {
    case 'written': {
      const held = input.entries.map(entry => ({ entry, asOf: entry.seq }));
      return withWindow(stopTyping(log, input.entries), addEntries(log.window, held));
    }
    case 'entries': {
      const known = withBounds(log.window, { head: 0, ...input });
      return withWindow(stopTyping(log, input.entries), addEntries(known, heldOf(input)));
    }
    case 'newest':
      return withWindow(log, addNewest(log.window, input.page));
    case 'older':
      return log.aside
        ? meet({ ...log, aside: addOlder(log.aside, input.page) })
        : withWindow(log, addOlder(log.window, input.page));
    case 'newer': {
      if (!log.aside || input.page.entries[0]?.seq !== lastSeq(log.aside) + 1) return log;
      return meet({ ...log, aside: addEntries(log.aside, heldOf(input.page)) });
    }
    case 'aside':
      return meet({
        ...log,
        aside: withLater(windowOf(input.page), log.window),
        window: addHead(log.window, input.page.head),
      });
    case 'latest':
      return log.aside ? { ...log, aside: null } : log;
    case 'head':
      return withWindow(log, addHead(log.window, input.head));
    case 'trim':
      return withWindow(log, trimTo(log.window, input.length));
    case 'typing':
      return { ...log, typing: new Map(log.typing).set(input.account, input.now + TYPING_SHOWN) };
    case 'time': {
      const typing = [...log.typing].filter(([, until]) => until > input.now);
      return typing.length === log.typing.size ? log : { ...log, typing: new Map(typing) };
    }
    case 'limited':
      return {
        ...log,
        aside: null,
        window: { ...emptyWindow, early: log.window.early, head: log.window.head },
      };
  }
}

/** The newest stretch is another; what it gained changes messages further back too. */
function withWindow(log: ConversationLog, window: LogWindow): ConversationLog {
  if (window === log.window) return log;
  if (!log.aside) return { ...log, window };
  const gained = window.entries.slice(-Math.max(0, lastSeq(window) - lastSeq(log.window)));
  const isGrown = lastSeq(window) > lastSeq(log.window);
  return meet({ ...log, window, aside: isGrown ? withChanges(log.aside, gained) : log.aside });
}

const withChanges = (aside: LogWindow, entries: readonly LogEntry[]): LogWindow =>
  entries.reduce((now, entry) => (isChange(entry) ? changeFurtherBack(now, entry) : now), aside);

/** A stretch that was loaded a moment ago, with what has come since. */
const withLater = (aside: LogWindow, newest: LogWindow): LogWindow => withChanges(aside, newest.entries);

/** Where the stretch on the screen has come to the newest one, they are one. */
function meet(log: ConversationLog): ConversationLog {
  const { aside, window } = log;
  const first = window.entries[0]?.seq;
  const begin = aside?.entries[0]?.seq;
  if (!aside || !window.loaded || first === undefined || begin === undefined) return log;
  if (lastSeq(aside) < first - 1 || lastSeq(window) < begin - 1) return log;
  const last = lastSeq(aside);
  const held = aside.entries.map(entry => ({ entry, asOf: Math.max(last, aside.ahead.get(entry.seq) ?? 0) }));
  return { ...log, aside: null, window: overlay(window, held) };
}

/** Who has sent what they wrote is not writing any more. */
function stopTyping(log: ConversationLog, entries: readonly LogEntry[]): ConversationLog {
  const senders = entries.flatMap(entry =>
    entry.kind === 'message' && log.typing.has(entry.message.sender) ? [entry.message.sender] : [],
  );
  if (senders.length === 0) return log;
  const typing = new Map(log.typing);
  for (const sender of senders) typing.delete(sender);
  return { ...log, typing };
}
