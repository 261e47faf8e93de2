import type { Conversation, LogEntry, Picture } from '@sotto/protocol';
import type { z } from 'zod';
import { Refusal } from '../../platform/refusal.ts';
import { presentEntries } from './entries.ts';
import { getConversation, type InboxDeps, readerOf } from './inbox.ts';
import { readNewestUnread } from './store/conversations.ts';
import { countUnread } from './store/memberships.ts';

/** What is worth telling someone of a conversation: its newest unread message of those they may see. */
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
  const { mutedUntil, whyNot } = conversation;
  if (mutedUntil !== null && new Date(mutedUntil) > deps.now()) return null;
  if (whyNot === 'blocked') return null;
  const newest = await newestUnread(deps, account, conversation);
  if (newest?.kind !== 'message' || newest.message.sender === account) return null;
  const { sender, text, attachments, card } = newest.message;
  const { title, picture } = faceOf(conversation);
  const from = conversation.kind === 'direct' ? null : await deps.people.people([sender], deps.db);
  return {
    kind: conversation.kind,
    seq: newest.seq,
    title,
    from: from?.get(sender)?.name ?? null,
    text,
    what: attachments[0]?.kind ?? (card ? 'card' : null),
    picture,
    at: newest.at,
    count: conversation.unread,
  };
}

/** Mostly the one that the inbox shows; not where that is out of view, or read already. */
async function newestUnread(
  deps: InboxDeps,
  account: string,
  { id, kind, last, readSeq, firstSeq }: Conversation,
): Promise<LogEntry | undefined> {
  if (last?.kind === 'message' && !last.message.hidden && last.seq > readSeq) return last;
  const reader = await readerOf(deps, account);
  const row = await readNewestUnread(deps.db, reader, id);
  const withheld = kind === 'direct' ? new Set<string>() : reader.blocked;
  return row && (await presentEntries(deps, [row], { withheld, firsts: new Map([[id, firstSeq]]) }))[0];
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
