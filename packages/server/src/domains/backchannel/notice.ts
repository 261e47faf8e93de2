import type { Conversation, Picture } from '@sotto/protocol';
import type { z } from 'zod';
import { Refusal } from '../../platform/refusal.ts';
import { getConversation, type InboxDeps, readerOf } from './inbox.ts';
import { countUnread } from './store/memberships.ts';

/** What is worth telling someone of a conversation: its newest unread message. */
export interface Notice {
  kind: Conversation['kind'];
  seq: number;
  /** The other person, the group or the room. */
  title: string;
  /** Who wrote; null where the title says it. */
  from: string | null;
  text: string;
  /** What it carries beside the text. */
  what: 'image' | 'video' | 'voice' | 'card' | null;
  picture: z.infer<typeof Picture> | null;
  at: string;
  /** Unread messages. */
  count: number;
}

/** Null where there is nothing to tell: all is read, muted, a request, over for this person, or not for them to see. */
export async function noticeOf(deps: InboxDeps, account: string, id: string): Promise<Notice | null> {
  const conversation = await getConversation(deps, account, id).catch(error => {
    if (error instanceof Refusal) return null;
    throw error;
  });
  if (conversation?.state !== 'active' || conversation.unread === 0) return null;
  const { last, mutedUntil, whyNot } = conversation;
  if (mutedUntil !== null && new Date(mutedUntil) > deps.now()) return null;
  if (whyNot === 'blocked' || last?.kind !== 'message') return null;
  const { sender, text, attachments, card, hidden } = last.message;
  if (hidden || sender === account) return null;
  const { title, picture } = faceOf(conversation);
  const from = conversation.kind === 'direct' ? null : await deps.people.people([sender], deps.db);
  return {
    kind: conversation.kind,
    seq: last.seq,
    title,
    from: from?.get(sender)?.name ?? null,
    text,
    what: attachments[0]?.kind ?? (card ? 'card' : null),
    picture,
    at: last.at,
    count: conversation.unread,
  };
}

function faceOf(conversation: Conversation): { title: string; picture: Notice['picture'] } {
  if (conversation.kind === 'direct')
    return { title: conversation.with.name, picture: conversation.with.picture };
  if (conversation.kind === 'group') return { title: conversation.title, picture: conversation.picture };
  return { title: conversation.room.title, picture: null };
}

/** How many conversations hold something unread, requests and muted ones not among them (BC-14). */
export const unreadOf = async (deps: InboxDeps, account: string): Promise<number> =>
  countUnread(deps.db, await readerOf(deps, account), deps.now());
