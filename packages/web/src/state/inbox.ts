import type { Conversation, Message } from '@sotto/protocol';
import type { OutboxItem } from '@sotto/sdk';
import { words } from '../words/index.ts';

/** The second line of an inbox row: what was written last, and by whom where it was oneself. */
export function previewOf(conversation: Conversation, me: string): string {
  if (conversation.last?.kind !== 'message') return '';
  const { message } = conversation.last;
  const text = message.text.replace(/\s+/gu, ' ') || textless(message);
  return message.sender === me ? words.inbox.mine(text) : text;
}

function textless({ attachments, card, hidden }: Message): string {
  const { what } = words.inbox;
  const [first] = attachments;
  if (hidden) return what.hidden;
  return first ? what[first.kind] : card ? what.card : '';
}

/** What of a conversation is not sent: first what the server refused, else what waits; null where all has arrived. */
export function unsentOf(
  conversation: Conversation,
  items: readonly OutboxItem[],
): { state: 'failed' | 'waiting'; text: string } | null {
  const own = items.filter(({ to }) =>
    'person' in to
      ? conversation.kind === 'direct' && to.person === conversation.with.id
      : to.conversation === conversation.id,
  );
  const failed = own.findLast(item => item.status.state === 'failed');
  if (failed) return { state: 'failed', text: lineOf(failed) };
  const waiting = own.findLast(item => item.status.state === 'waiting');
  return waiting ? { state: 'waiting', text: lineOf(waiting) } : null;
}

function lineOf({ text, files, card }: OutboxItem): string {
  const [first] = files;
  const { what } = words.inbox;
  return text || (first ? what[first.kind] : card ? what.card : '');
}
