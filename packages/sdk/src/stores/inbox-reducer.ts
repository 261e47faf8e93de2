import type { AccountId, Conversation, ConversationId, LogEntry, ServerFrame } from '@sotto/protocol';

/** Conversations as this client knows them, whether they are on the inbox's screen or not. */
export interface InboxLog {
  readonly known: ReadonlyMap<ConversationId, Conversation>;
  /** To be fetched again: unknown ones, and those with a gap (RT-5); with how often that was found. */
  readonly doubtful: ReadonlyMap<ConversationId, number>;
}

export type InboxInput =
  | Extract<ServerFrame, { type: 'conversation' | 'read' | 'heads' }>
  | Pick<Extract<ServerFrame, { type: 'entry' }>, 'type' | 'conversation' | 'entry'>
  /** Conversations fetched, or carried by `resumed`. `asked`: the log when they were asked for, to settle its doubts. */
  | {
      readonly type: 'fetched';
      readonly conversations: readonly Conversation[];
      readonly asked?: InboxLog;
    }
  /** You have read up to `seq` on this device. */
  | { readonly type: 'readHere'; readonly conversation: ConversationId; readonly seq: number }
  /** A screen shows it: it must be known. */
  | { readonly type: 'wanted'; readonly conversation: ConversationId }
  /** Too much was missed (RT-6). */
  | { readonly type: 'doubted'; readonly conversation: ConversationId }
  /** It is not there (any more), or not for you. */
  | { readonly type: 'absent'; readonly conversation: ConversationId };

export const emptyInbox: InboxLog = { known: new Map(), doubtful: new Map() };

/** What an event or an answer makes of the inbox. `self` does not count as unread. */
export function reduceInbox(log: InboxLog, input: InboxInput, self: AccountId): InboxLog {
  switch (input.type) {
    case 'entry':
      return reduceEntry(log, input.conversation, input.entry, self);
    case 'conversation':
      return adopt(log, input.conversation);
    case 'fetched':
      return input.conversations.reduce((now, fresh) => adopt(now, fresh, input.asked), log);
    case 'read':
      return reduceRead(log, input.conversation, input.readSeq, input.unread);
    case 'readHere':
      return reduceRead(log, input.conversation, input.seq, null);
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
      return { known, doubtful: without(log.doubtful, input.conversation) };
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

function reduceEntry(log: InboxLog, id: ConversationId, entry: LogEntry, self: AccountId): InboxLog {
  const known = log.known.get(id);
  if (!known || entry.seq > known.head + 1) return doubt(log, id);
  if (entry.seq <= known.head) return log;
  if (entry.kind !== 'message') return put(log, { ...known, head: entry.seq });
  const counts = entry.message.sender !== self && entry.seq > known.readSeq;
  const unread = known.unread + (counts ? 1 : 0);
  return put(log, { ...known, head: entry.seq, last: entry, at: entry.at, unread });
}

/**
 * A read mark only moves forward. A count that came with a mark before our head may include entries that are still
 * on their way here, so it is shown, and asked for again.
 */
function reduceRead(log: InboxLog, id: ConversationId, seq: number, unread: number | null): InboxLog {
  const known = log.known.get(id);
  if (!known) return log;
  if (seq < known.readSeq || (seq === known.readSeq && known.unread === 0)) return log;
  if (seq >= known.head) return put(log, { ...known, readSeq: seq, unread: 0 });
  const next = put(log, { ...known, readSeq: seq, unread: Math.min(unread ?? known.unread, known.unread) });
  return unread === null ? next : doubt(next, id);
}

/** A conversation as the server had it. What this client knows better (it is further, or has read more) stays. */
function adopt(log: InboxLog, fresh: Conversation, asked?: InboxLog): InboxLog {
  const known = log.known.get(fresh.id);
  const next = put(log, known ? merge(known, fresh) : fresh);
  // What came in while this was on its way made it old: it cannot settle a doubt about a count.
  const overtaken = fresh.head < (known?.head ?? 0) && fresh.head >= (asked?.known.get(fresh.id)?.head ?? 0);
  const unchanged = asked && asked.doubtful.get(fresh.id) === log.doubtful.get(fresh.id);
  return unchanged && !overtaken ? { ...next, doubtful: without(next.doubtful, fresh.id) } : next;
}

function merge(known: Conversation, fresh: Conversation): Conversation {
  if (fresh.head < known.head) return { ...fresh, ...progressOf(known) };
  if (fresh.readSeq >= known.readSeq) return fresh;
  const unread = known.readSeq >= fresh.head ? 0 : Math.min(known.unread, fresh.unread);
  return { ...fresh, readSeq: known.readSeq, unread };
}

const progressOf = ({ head, last, at, readSeq, unread }: Conversation) => ({
  head,
  last,
  at,
  readSeq,
  unread,
});

/** What was written in last comes first; nothing written yet, not shown. */
export function latestFirst(log: InboxLog): readonly Conversation[] {
  return [...log.known.values()]
    .filter(conversation => conversation.last !== null)
    .sort((a, b) => {
      const [x, y] = [a.last?.at ?? '', b.last?.at ?? ''];
      return x === y ? (a.id < b.id ? 1 : -1) : x < y ? 1 : -1;
    });
}
