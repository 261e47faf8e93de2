import type { AccountId, LogEntry, ServerFrame } from '@sotto/protocol';
import { addEntries, addHead, addNewest, addOlder, emptyWindow, type LogWindow } from './log-window.ts';

/** What this client has of one conversation's log, and who is writing in it. */
export interface ConversationLog {
  readonly window: LogWindow;
  /** Until when, in ms since the epoch, each is shown as writing. */
  readonly typing: ReadonlyMap<AccountId, number>;
}

interface Page {
  readonly entries: readonly LogEntry[];
  readonly head: number;
}

export type ConversationInput =
  | Pick<Extract<ServerFrame, { type: 'entry' }>, 'type' | 'conversation' | 'entry'>
  /** Several at once: what `resumed` or a query after a gap brought. */
  | { readonly type: 'entries'; readonly entries: readonly LogEntry[]; readonly head?: number }
  | { readonly type: 'newest'; readonly page: Page }
  | { readonly type: 'older'; readonly page: Page }
  | { readonly type: 'head'; readonly head: number }
  | { readonly type: 'typing'; readonly account: AccountId; readonly now: number }
  | { readonly type: 'time'; readonly now: number }
  /** Too much was missed (RT-6): what is there is let go, and loaded afresh. */
  | { readonly type: 'limited' };

export const emptyConversation: ConversationLog = { window: emptyWindow, typing: new Map() };

/** How long one is shown as writing after the last sign of it, ms. */
export const TYPING_SHOWN = 6000;

/** What an event or an answer makes of a conversation. Repeated, late and early ones do no harm (RT-5). */
export function reduceConversation(log: ConversationLog, input: ConversationInput): ConversationLog {
  switch (input.type) {
    case 'entry':
      return withWindow(stopTyping(log, [input.entry]), addEntries(log.window, [input.entry]));
    case 'entries': {
      const window = addEntries(log.window, input.entries);
      return withWindow(stopTyping(log, input.entries), addHead(window, input.head ?? 0));
    }
    case 'newest':
      return withWindow(log, addNewest(log.window, input.page));
    case 'older':
      return withWindow(log, addOlder(log.window, input.page));
    case 'head':
      return withWindow(log, addHead(log.window, input.head));
    case 'typing':
      return { ...log, typing: new Map(log.typing).set(input.account, input.now + TYPING_SHOWN) };
    case 'time': {
      const typing = [...log.typing].filter(([, until]) => until > input.now);
      return typing.length === log.typing.size ? log : { ...log, typing: new Map(typing) };
    }
    case 'limited':
      return withWindow(log, { ...emptyWindow, early: log.window.early, head: log.window.head });
  }
}

const withWindow = (log: ConversationLog, window: LogWindow): ConversationLog =>
  window === log.window ? log : { ...log, window };

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
