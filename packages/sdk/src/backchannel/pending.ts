import type { AccountId, ConversationId, EntryOf } from '@sotto/protocol';
import type { OutboxItem } from '../outbox/types.ts';
import type { LogWindow } from '../stores/log-window.ts';
import type { PendingMessage } from './types.ts';

/**
 * What the screen shows below the log: messages of the outbox that the log does not have yet, whichever of reply and
 * event came first, and own ones that are committed but ahead of a gap.
 * @param sent acknowledged ones that have left the outbox
 * @param person with whom a direct conversation is, as messages may be addressed to them instead
 */
export function pendingOf(
  items: readonly OutboxItem[],
  sent: readonly OutboxItem[],
  window: LogWindow,
  self: AccountId,
  conversation: ConversationId,
  person: AccountId | null,
): readonly PendingMessage[] {
  const mine = items.filter(({ to }) =>
    'person' in to ? to.person === person : to.conversation === conversation,
  );
  const isOwn = (entry: { kind: string }): entry is EntryOf<'message'> =>
    entry.kind === 'message' && (entry as EntryOf<'message'>).message.sender === self;
  const ahead = window.early.flatMap(({ entry }) => (isOwn(entry) ? [entry] : []));
  if (mine.length === 0 && ahead.length === 0 && sent.length === 0) return none;
  const shown = new Set(window.entries.flatMap(entry => (isOwn(entry) ? [entry.message.clientId] : [])));
  const pending: PendingMessage[] = [];
  const add = (message: PendingMessage) => {
    if (shown.has(message.clientId)) return;
    shown.add(message.clientId);
    pending.push(message);
  };
  for (const item of sent) add({ ...item, status: sentStatus });
  for (const entry of ahead) add(fromEntry(entry));
  for (const item of mine) add(item);
  return pending.length === 0 ? none : pending;
}

const none: readonly PendingMessage[] = [];
const sentStatus = { state: 'sent' } as const;

const fromEntry = ({ at, message }: EntryOf<'message'>): PendingMessage => ({
  clientId: message.clientId,
  text: message.text,
  reply: message.reply,
  card: message.card,
  files: message.attachments.map(attachment => ({
    kind: attachment.kind,
    name: null,
    size: attachment.bytes,
    width: attachment.width,
    height: attachment.height,
    seconds: attachment.seconds,
    waveform: attachment.waveform,
    hasPoster: false,
    attachment,
  })),
  createdAt: Date.parse(at),
  status: sentStatus,
});
