import type { AccountId, Conversation, ConversationId, LogEntry, Person } from '@sotto/protocol';
import type { SottoErrorCode } from '../calls/error.ts';
import type { OutboxItem } from '../outbox/types.ts';
import { type ConversationLog, shownWindow } from '../stores/conversation-reducer.ts';
import { hasOlder, type LogWindow, lastSeq } from '../stores/log-window.ts';
import { pendingOf } from './pending.ts';
import type { ConversationView } from './types.ts';

/** What a conversation's screen knows beside the log. */
export interface ConversationStatus {
  readonly error: SottoErrorCode | null;
  readonly loadingOlder: boolean;
  readonly loadingNewer: boolean;
  readonly firstUnreadSeq: number | null;
  readonly settled: boolean;
  /** Acknowledged messages whose entries are not in the log yet, with the places they have. */
  readonly sent: readonly { readonly seq: number; readonly item: OutboxItem }[];
}

export const emptyStatus: ConversationStatus = {
  error: null,
  loadingOlder: false,
  loadingNewer: false,
  firstUnreadSeq: null,
  settled: false,
  sent: [],
};

export interface ViewParts {
  readonly id: ConversationId;
  readonly self: AccountId;
  readonly conversation: Conversation | null;
  readonly log: ConversationLog;
  readonly status: ConversationStatus;
  readonly items: readonly OutboxItem[];
  readonly people: ReadonlyMap<AccountId, Person>;
  readonly laidOver: (entries: readonly LogEntry[]) => readonly LogEntry[];
}

/** What changes or hides another entry is not shown itself. */
const isLine = ({ kind }: LogEntry) =>
  kind !== 'withheld' && kind !== 'reaction' && kind !== 'preview' && kind !== 'hidden';

const lines = new WeakMap<LogWindow, readonly LogEntry[]>();

function linesOf(window: LogWindow): readonly LogEntry[] {
  const known = lines.get(window);
  if (known) return known;
  const shown = window.entries.every(isLine) ? window.entries : window.entries.filter(isLine);
  lines.set(window, shown);
  return shown;
}

/** Puts together what a screen shows. */
export function viewOf(parts: ViewParts): ConversationView {
  const { id, self, conversation, log, status, items, people } = parts;
  const shown = shownWindow(log);
  const { error, loadingOlder, loadingNewer, firstUnreadSeq, settled } = status;
  const person = conversation?.kind === 'direct' ? conversation.with.id : null;
  const sent = status.sent.map(each => each.item);
  return {
    id,
    conversation,
    state: shown.loaded ? 'ready' : error ? 'failed' : 'loading',
    error,
    entries: parts.laidOver(linesOf(shown)),
    hasOlder: hasOlder(shown),
    loadingOlder,
    hasNewer: log.aside !== null,
    loadingNewer,
    lastSeq: lastSeq(shown),
    pending: pendingOf(items, sent, log.window, self, id, person),
    typing: [...log.typing.keys()],
    people,
    firstUnreadSeq,
    unreadAbove: firstUnreadSeq !== null && hasOlder(shown) && firstUnreadSeq < (shown.entries[0]?.seq ?? 0),
    settled,
  };
}
