import type { AccountId, Conversation, ConversationId, LogEntry, ServerFrame } from '@sotto/protocol';
import { applyEntry, type EntryContext, isTalk } from './conversation-entry.ts';
import { mergeConversations } from './inbox-merge.ts';

/** Conversations as this client knows them, whether they are on the inbox's screen or not. */
export interface InboxLog {
  readonly known: ReadonlyMap<ConversationId, Conversation>;
  /** To be fetched again: unknown ones, and those with a gap (RT-5); with how often that was found. */
  readonly doubtful: ReadonlyMap<ConversationId, number>;
  /** Talks of rooms that stand in the inbox: those in which one has written. */
  readonly talks: ReadonlySet<ConversationId>;
}

export type InboxInput =
  | Extract<ServerFrame, { type: 'conversation' | 'read' | 'heads' | 'receipt' }>
  | ({
      readonly type: 'entries';
      readonly conversation: ConversationId;
      readonly entries: readonly LogEntry[];
    } & Omit<EntryContext, 'self'>)
  /** Conversations fetched. `asked`: the log when they were asked for, to settle its doubts. */
  | {
      readonly type: 'fetched';
      readonly conversations: readonly Conversation[];
      readonly asked?: InboxLog;
      /** They came in a list of the inbox: talks among them stand in it. */
      readonly listed?: boolean;
    }
  /** You have read up to `seq` on this device. */
  | { readonly type: 'readHere'; readonly conversation: ConversationId; readonly seq: number }
  /** A screen shows it: it must be known. */
  | { readonly type: 'wanted'; readonly conversation: ConversationId }
  /** Too much was missed (RT-6), or something changed that no event tells. */
  | { readonly type: 'doubted'; readonly conversation: ConversationId }
  /** It is not there (any more), or not for you. */
  | { readonly type: 'absent'; readonly conversation: ConversationId };

export const emptyInbox: InboxLog = { known: new Map(), doubtful: new Map(), talks: new Set() };

/** What an event or an answer makes of the inbox. `self` does not count as unread. */
export function reduceInbox(log: InboxLog, input: InboxInput, self: AccountId): InboxLog {
  switch (input.type) {
    case 'entries': {
      const { conversation, entries, people, pinned } = input;
      const context = { self, pinned, ...(people && { people }) };
      return entries.reduce((now, entry) => reduceEntry(now, conversation, entry, context), log);
    }
    case 'conversation':
      return adopt(log, input.conversation);
    case 'fetched': {
      const next = input.conversations.reduce((now, fresh) => adopt(now, fresh, input.asked), log);
      return input.listed ? list(next, input.conversations.filter(isTalk)) : next;
    }
    case 'read':
      return reduceRead(log, input.conversation, input.readSeq, input.unread);
    case 'readHere':
      return reduceRead(log, input.conversation, input.seq, null);
    case 'receipt':
      return reduceReceipt(log, input.conversation, input.account, input.seq);
    case 'heads':
      return input.heads.reduce((now, { conversation, head, readSeq }) => {
        const known = now.known.get(conversation);
        return known && known.head >= head && known.readSeq >= readSeq ? now : doubt(now, conversation);
      }, log);
    case 'wanted':
      return log.known.has(input.conversation) ? log : doubt(log, input.conversation);
    case 'doubted':
      return doubt(log, input.conversation);
    case 'absent': {
      const known = new Map(log.known);
      known.delete(input.conversation);
      return { ...log, known, doubtful: without(log.doubtful, input.conversation) };
    }
  }
}

function without(doubtful: InboxLog['doubtful'], id: ConversationId): InboxLog['doubtful'] {
  if (!doubtful.has(id)) return doubtful;
  const next = new Map(doubtful);
  next.delete(id);
  return next;
}

const doubt = (log: InboxLog, id: ConversationId): InboxLog => ({
  ...log,
  doubtful: new Map(log.doubtful).set(id, (log.doubtful.get(id) ?? 0) + 1),
});

const put = (log: InboxLog, conversation: Conversation): InboxLog => ({
  ...log,
  known: new Map(log.known).set(conversation.id, conversation),
});

function list(log: InboxLog, conversations: readonly Conversation[]): InboxLog {
  const added = conversations.filter(({ id }) => !log.talks.has(id));
  return added.length === 0 ? log : { ...log, talks: new Set([...log.talks, ...added.map(({ id }) => id)]) };
}

function reduceEntry(log: InboxLog, id: ConversationId, entry: LogEntry, context: EntryContext): InboxLog {
  const known = log.known.get(id);
  if (!known || entry.seq > known.head + 1) return doubt(log, id);
  if (entry.seq <= known.head) return log;
  const { conversation, unsure } = applyEntry(known, entry, context);
  const next = put(log, conversation);
  const isOwnTalk = isTalk(conversation) && entry.kind === 'message' && entry.message.sender === context.self;
  const told = isOwnTalk ? list(next, [conversation]) : next;
  return unsure ? doubt(told, id) : told;
}

/**
 * A read mark only moves forward. A count that came with a mark before our head may include entries that are still
 * on their way here, so it is shown, and asked for again. `unread` is null where this device has read.
 */
function reduceRead(log: InboxLog, id: ConversationId, seq: number, unread: number | null): InboxLog {
  const known = log.known.get(id);
  if (!known || seq < known.readSeq) return log;
  if (seq === known.readSeq && known.markedUnread && unread !== null) return doubt(log, id);
  if (seq === known.readSeq && known.unread === 0 && !known.markedUnread) return log;
  const read = { ...known, readSeq: seq, markedUnread: false };
  // Who writes has read so far, and may keep the mark as unread: only the server knows.
  const kept = known.markedUnread && unread !== null ? doubt(log, id) : log;
  if (seq >= known.head) return put(kept, { ...read, unread: 0 });
  const next = put(kept, { ...read, unread: Math.min(unread ?? known.unread, known.unread) });
  return unread === null ? next : doubt(next, id);
}

/** Someone's receipt only moves forward. One of somebody who is not shown reading: the server knows since when they are. */
function reduceReceipt(log: InboxLog, id: ConversationId, account: AccountId, seq: number): InboxLog {
  const known = log.known.get(id);
  if (!known) return log;
  const reader = known.readers.find(each => each.account === account);
  if (!reader) return doubt(log, id);
  if (reader.seq >= seq) return log;
  const readers = known.readers.map(each => (each === reader ? { account, seq } : each));
  return put(log, { ...known, readers });
}

/** A conversation as the server had it. What this client knows better (it is further, or has read more) stays. */
function adopt(log: InboxLog, fresh: Conversation, asked?: InboxLog): InboxLog {
  const known = log.known.get(fresh.id);
  const before = asked?.known.get(fresh.id);
  // It went while the question was on its way: whether it came again, only a new answer can tell.
  if (before && !known) return doubt(log, fresh.id);
  const { merged, unsure } = known ? mergeConversations(known, fresh) : { merged: fresh, unsure: false };
  const next = put(log, merged);
  if (unsure) return doubt(next, fresh.id);
  // What came in while this was on its way made it old: it cannot settle a doubt about a count.
  const overtaken =
    (fresh.head < (known?.head ?? 0) && fresh.head >= (before?.head ?? 0)) ||
    (fresh.version < (known?.version ?? 0) && fresh.version >= (before?.version ?? 0));
  const unchanged = asked && asked.doubtful.get(fresh.id) === log.doubtful.get(fresh.id);
  return unchanged && !overtaken ? { ...next, doubtful: without(next.doubtful, fresh.id) } : next;
}

/** What stands in the inbox, or in the archive: pinned first, then where something was written last. */
export function listOf(
  conversations: Iterable<Conversation>,
  talks: InboxLog['talks'],
  view: 'inbox' | 'archived',
): readonly Conversation[] {
  return [...conversations]
    .filter(
      each =>
        each.state === 'active' &&
        each.at !== null &&
        each.archived === (view === 'archived') &&
        (!isTalk(each) || talks.has(each.id)),
    )
    .sort(byPlace);
}

function byPlace(a: Conversation, b: Conversation): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  return byTime(a, b);
}

/** The latest first. */
export function byTime(a: Conversation, b: Conversation): number {
  const [x, y] = [a.at ?? '', b.at ?? ''];
  return x === y ? (a.id < b.id ? 1 : -1) : x < y ? 1 : -1;
}
