import type { Conversation } from '@sotto/protocol';
import { words } from '../words/index.ts';

/** The second line of an inbox row: what was written last, and by whom where it was oneself. */
export function previewOf(conversation: Conversation, me: string): string {
  const message = conversation.last?.message;
  if (!message) return '';
  const text = message.text.replace(/\s+/gu, ' ');
  return message.sender === me ? words.inbox.mine(text) : text;
}
