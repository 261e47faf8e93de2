import type { AccountId, Conversation, ConversationId, LogEntry } from '@sotto/protocol';
import type { SottoErrorCode } from '../calls/error.ts';
import type { OutboxItemState } from '../outbox/types.ts';
import type { Readable } from '../stores/store.ts';

/** The inbox as a screen shows it. */
export interface InboxView {
  /** `loading`: nothing to show yet, not even from the device. */
  readonly state: 'loading' | 'ready' | 'failed';
  /** What the last attempt to load met, where it failed. */
  readonly error: SottoErrorCode | null;
  /** The latest first. */
  readonly conversations: readonly Conversation[];
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** In the whole inbox, also beyond what is loaded. */
  readonly unreadConversations: number;
  /** In the conversations that are loaded. */
  readonly unreadMessages: number;
}

/** A message that is not in the log yet; comes last on the screen (RT-3). */
export interface PendingMessage {
  readonly clientId: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** `sent`: committed, but what was written before it is still on its way here. */
  readonly status: OutboxItemState | { readonly state: 'sent' };
}

/** A conversation as a screen shows it. */
export interface ConversationView {
  readonly id: ConversationId;
  /** Null until it is known who it is with. */
  readonly conversation: Conversation | null;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: SottoErrorCode | null;
  /** In the order of `seq`, without a gap. */
  readonly entries: readonly LogEntry[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  readonly pending: readonly PendingMessage[];
  /** Who is writing now. */
  readonly typing: readonly AccountId[];
  /** Where reading stood when the screen was opened: for the line above what is new. */
  readonly firstUnreadSeq: number | null;
}

export interface ConversationStore extends Readable<ConversationView> {
  readonly id: ConversationId;
  /** Loads and keeps it fresh while somebody looks. Returns the way to say that they no longer do. */
  open(): () => void;
  /** The page before. Nothing happens where there is none, or while one is loading. */
  loadOlder(): Promise<void>;
  /** Null where the text is empty. */
  send(text: string): string | null;
  /** You have read up to `seq` (default: all that is here). Only moves forward. */
  markRead(seq?: number): void;
  /** You are writing: tells the other, at most every 3 s. */
  typing(): void;
}

export interface Inbox extends Readable<InboxView> {
  reload(): Promise<void>;
  loadMore(): Promise<void>;
}
