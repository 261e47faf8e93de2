import type { Conversation, LogEntry } from '@sotto/protocol';
import { MESSAGE_TEXT_MAX, REQUEST_TEXT_MAX } from '@sotto/protocol/limits';
import { words } from '../words/index.ts';

/** What may be written here. */
export interface Allowance {
  /** Characters, as UTF-16 units. */
  max: number;
  files: boolean;
}

export function allowanceOf(conversation: Conversation): Allowance {
  const request = conversation.kind === 'direct' && conversation.asRequest;
  return request ? { max: REQUEST_TEXT_MAX, files: false } : { max: MESSAGE_TEXT_MAX, files: true };
}

/** Why nothing can be written here, in words. */
export function closedText(conversation: Conversation): string {
  switch (conversation.whyNot) {
    case 'waiting':
      return words.conversation.closedWaiting;
    case 'closed':
      return words.conversation.closedClosed;
    case 'off':
      return words.conversation.closedOff;
    case 'frozen':
      return words.conversation.closedFrozen;
    case 'request':
      return words.conversation.closedRequest;
    default:
      return words.conversation.cannotWrite;
  }
}

/** When one may write again in a talk that is slowed down (BC-3), ms since the epoch; 0: at once. Moderators are not slowed. */
export function slowUntil(
  conversation: Conversation,
  entries: readonly LogEntry[],
  pending: readonly { createdAt: number }[],
  me: string,
): number {
  if ((conversation.kind !== 'room' && conversation.kind !== 'stage') || conversation.moderator) return 0;
  const { slowSeconds } = conversation;
  if (slowSeconds === 0) return 0;
  const own = entries.findLast(entry => entry.kind === 'message' && entry.message.sender === me);
  const last = Math.max(own ? Date.parse(own.at) : 0, ...pending.map(({ createdAt }) => createdAt));
  return last === 0 ? 0 : last + slowSeconds * 1000;
}

/** Characters left from which on they are counted out loud. */
export const COUNTED = 200;
