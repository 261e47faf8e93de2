import type { Conversation } from '@sotto/protocol';
import type { SottoErrorCode } from '../calls/error.ts';
import type { InboxView } from './types.ts';

/** How far a list of conversations is loaded, and what the server has counted. */
export interface Paging {
  readonly state: InboxView['state'];
  readonly error: SottoErrorCode | null;
  readonly next: string | null;
  readonly loadingMore: boolean;
  /** Conversations with something unread that are not loaded. */
  readonly unreadBeyond: number;
  readonly requests: number;
}

export const emptyPaging: Paging = {
  state: 'loading',
  error: null,
  next: null,
  loadingMore: false,
  unreadBeyond: 0,
  requests: 0,
};

export const isUnread = ({ unread, markedUnread }: Conversation): boolean => unread > 0 || markedUnread;

const isMuted = ({ mutedUntil }: Conversation, now: number): boolean =>
  mutedUntil !== null && Date.parse(mutedUntil) > now;

/** The inbox as a screen shows it. `now`: milliseconds since the epoch, for mutes. */
export function inboxViewOf(conversations: readonly Conversation[], paging: Paging, now: number): InboxView {
  const counted = conversations.filter(each => isUnread(each) && !isMuted(each, now)).length;
  return {
    state: paging.state,
    error: paging.error,
    conversations,
    hasMore: paging.next !== null,
    loadingMore: paging.loadingMore,
    unreadConversations: counted + paging.unreadBeyond,
    unreadMessages: conversations.reduce((sum, each) => sum + each.unread, 0),
    requests: paging.requests,
  };
}
