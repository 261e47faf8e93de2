import type { AccountId, Conversation, LogEntry } from '@sotto/protocol';
import type { Store } from '../stores/store.ts';
import type { ConversationStatus } from './conversation-view.ts';

/**
 * Where reading stood when a screen opened a conversation (BC-8). What the device keeps may be older than what was read
 * elsewhere: it is gone by until the server has said, and then it counts no more.
 */
export interface Opening {
  begin(): void;
  end(): void;
  /** The server has not said yet. */
  isWaited(): boolean;
  /** This device has read up to `seq`. */
  marked(seq: number): void;
  /** Entries are about to be shown: nobody is to be led past where the new ones begin. */
  coming(entries: readonly LogEntry[]): void;
  /** The newest page is about to be shown, and how far one had read is known as the server has it. */
  settle(newest: readonly LogEntry[]): void;
  /** The server cannot be asked now: what the device keeps is all there is to go by. */
  unanswered(): void;
}

export function createOpening(
  self: AccountId,
  known: () => Conversation | null,
  status: Store<ConversationStatus>,
): Opening {
  /** `marked`: how far this device has read since, and how far it had by what it knew before: null where it has not. */
  let begun: { marked: { readonly seq: number; readonly before: number } | null } | null = null;

  const say = (firstUnreadSeq: number | null, settled: boolean) =>
    status.update(now =>
      now.firstUnreadSeq === firstUnreadSeq && now.settled === settled
        ? now
        : { ...now, firstUnreadSeq, settled },
    );

  const stoodAt = (): number => {
    const readSeq = known()?.readSeq ?? 0;
    const marked = begun?.marked;
    // A mark of this device may be in what the server says: then that tells nothing of before.
    return marked && readSeq <= marked.seq ? marked.before : readSeq;
  };
  const asKept = (): number | null => {
    const now = known();
    return now && now.unread > 0 ? now.readSeq + 1 : null;
  };

  const hasNew = (entries: readonly LogEntry[], readSeq: number) =>
    entries.some(entry => entry.seq > readSeq && entry.kind === 'message' && entry.message.sender !== self);

  return {
    begin() {
      begun = { marked: null };
      say(asKept(), false);
    },
    end() {
      begun = null;
      say(null, false);
    },
    isWaited: () => begun !== null,
    marked(seq) {
      if (!begun || seq <= (begun.marked?.seq ?? 0)) return;
      begun.marked = { seq, before: begun.marked?.before ?? known()?.readSeq ?? 0 };
    },
    coming(entries) {
      const { firstUnreadSeq, settled } = status.getSnapshot();
      if (!begun || firstUnreadSeq !== null || !known()) return;
      const readSeq = stoodAt();
      if (hasNew(entries, readSeq)) say(readSeq + 1, settled);
    },
    settle(newest) {
      if (!begun) return;
      const readSeq = stoodAt();
      const isUnread = (known()?.unread ?? 0) > 0 || hasNew(newest, readSeq);
      begun = null;
      say(isUnread ? readSeq + 1 : null, true);
    },
    unanswered() {
      if (begun) say(status.getSnapshot().firstUnreadSeq ?? asKept(), true);
    },
  };
}
