import type { Conversation, LogEntry } from '@sotto/protocol';
import { type ConversationStore, type ConversationView, createStore, type PendingMessage } from '@sotto/sdk';
import { me, names } from './messages.ts';

interface Fixed {
  conversation: Conversation;
  entries: readonly LogEntry[];
  pending?: readonly PendingMessage[];
  typing?: readonly string[];
  firstUnreadSeq?: number | null;
  /** Entries a page; without, all are there at once. */
  page?: number;
}

/** A conversation that lives in memory, in pages of the log, for looking at screens. */
export function fixedStore(fixed: Fixed): ConversationStore {
  const {
    conversation,
    entries,
    pending = [],
    typing = [],
    firstUnreadSeq = null,
    page = entries.length,
  } = fixed;
  const view = (from: number, to: number): ConversationView => ({
    id: conversation.id,
    conversation,
    state: 'ready',
    error: null,
    entries: entries.slice(from, to),
    hasOlder: from > 0,
    loadingOlder: false,
    hasNewer: to < entries.length,
    loadingNewer: false,
    lastSeq: entries[to - 1]?.seq ?? 0,
    pending,
    typing,
    people: names,
    firstUnreadSeq,
    unreadAbove: false,
    settled: true,
  });
  let from = entries.length - page;
  let to = entries.length;
  const store = createStore(view(from, to));
  const show = (low: number, high: number) => {
    from = Math.max(0, low);
    to = Math.min(entries.length, high);
    store.set(view(from, to));
  };
  // As long as a page takes over a network that is not far.
  const soon = () => new Promise(resolve => setTimeout(resolve, 30));
  return {
    id: conversation.id,
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    open: () => () => {},
    async loadOlder() {
      if (store.getSnapshot().loadingOlder || from === 0) return;
      store.update(now => ({ ...now, loadingOlder: true }));
      await soon();
      show(from - page, to);
    },
    async loadNewer() {
      if (store.getSnapshot().loadingNewer || to === entries.length) return;
      store.update(now => ({ ...now, loadingNewer: true }));
      await soon();
      show(from, to + page);
    },
    async jumpTo(place) {
      const seq = 'seq' in place ? place.seq : (entries.find(({ at }) => at >= place.at)?.seq ?? 0);
      await soon();
      const at = entries.findIndex(entry => entry.seq >= seq);
      if (at < 0) return null;
      show(at - page / 2, at + page / 2);
      return entries[at]?.seq ?? null;
    },
    toLatest() {
      if (store.getSnapshot().hasNewer) show(entries.length - page, entries.length);
    },
    send: () => null,
    async react(seq, emoji, on) {
      store.update(now => ({ ...now, entries: now.entries.map(entry => reacted(entry, seq, emoji, on)) }));
    },
    markRead: () => {},
    typing: () => {},
  };
}

function reacted(entry: LogEntry, seq: number, emoji: string, on: boolean): LogEntry {
  if (entry.kind !== 'message' || entry.seq !== seq) return entry;
  const { reactions } = entry.message;
  const accounts = [
    ...(reactions.find(each => each.emoji === emoji)?.accounts ?? []).filter(account => account !== me),
    ...(on ? [me] : []),
  ];
  const others = reactions.filter(each => each.emoji !== emoji);
  const next = accounts.length > 0 ? [...others, { emoji, count: accounts.length, accounts }] : others;
  return { ...entry, message: { ...entry.message, reactions: next } };
}
