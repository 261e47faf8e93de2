import type { AccountId, ConversationId } from '@sotto/protocol';
import type { OutboxItem } from '../outbox/types.ts';
import type { LogWindow } from '../stores/log-window.ts';
import type { PendingMessage } from './types.ts';

/**
 * What the screen shows below the log: messages of the outbox that the log does not have yet, whichever of reply and
 * event came first, and own ones that are committed but ahead of a gap.
 * @param person with whom a direct conversation is, as messages may be addressed to them instead
 */
export function pendingOf(
  items: readonly OutboxItem[],
  window: LogWindow,
  self: AccountId,
  conversation: ConversationId,
  person: AccountId | null,
): readonly PendingMessage[] {
  const mine = items.filter(({ to }) =>
    'person' in to ? to.person === person : to.conversation === conversation,
  );
  const ahead = window.early.flatMap(entry =>
    entry.kind === 'message' && entry.message.sender === self ? [entry] : [],
  );
  if (mine.length === 0 && ahead.length === 0) return none;
  const inLog = new Set<string>();
  for (const entry of [...window.entries, ...ahead]) {
    if (entry.kind === 'message' && entry.message.sender === self) inLog.add(entry.message.clientId);
  }
  const sent = ahead.map(
    ({ at, message }): PendingMessage => ({
      clientId: message.clientId,
      text: message.text,
      createdAt: Date.parse(at),
      status: { state: 'sent' },
    }),
  );
  return [...sent, ...mine.filter(item => !inLog.has(item.clientId))];
}

const none: readonly PendingMessage[] = [];
