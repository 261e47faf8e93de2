import type { AccountId, EntryOf, LogEntry, Message, Reaction } from '@sotto/protocol';

/** Entries that change a message written before them. */
export type ChangeEntry = EntryOf<'reaction' | 'preview' | 'hidden'>;
type MessageEntry = EntryOf<'message'>;

/** The server names so many of those who reacted with one emoji; `count` has them all. */
const REACTORS_MAX = 50;

export const isChange = (entry: LogEntry): entry is ChangeEntry =>
  entry.kind === 'reaction' || entry.kind === 'preview' || entry.kind === 'hidden';

/** What a change makes of an entry: of the message it is about, and of answers that quote it. The same object if nothing. */
export function changeEntry(entry: LogEntry, change: ChangeEntry): LogEntry {
  if (entry.kind !== 'message') return entry;
  if (entry.seq === change.of) return withMessage(entry, changed(entry.message, change));
  const { reply } = entry.message;
  if (change.kind !== 'hidden' || reply?.seq !== change.of || isEmptyQuote(reply)) return entry;
  return withMessage(entry, { ...entry.message, reply: { ...reply, text: '', attachment: null } });
}

const isEmptyQuote = (reply: { text: string; attachment: unknown }) =>
  reply.text === '' && reply.attachment === null;

const withMessage = (entry: MessageEntry, message: Message): MessageEntry =>
  message === entry.message ? entry : { ...entry, message };

function changed(message: Message, change: ChangeEntry): Message {
  switch (change.kind) {
    case 'reaction': {
      const reactions = react(message.reactions, change.emoji, change.by, change.on);
      return reactions === message.reactions ? message : { ...message, reactions };
    }
    case 'preview':
      return message.hidden ? message : { ...message, previews: change.previews };
    case 'hidden':
      return hide(message);
  }
}

/** Nothing is left of it but its trace, and the reactions to it (BC-6). */
const hide = (message: Message): Message =>
  message.hidden
    ? message
    : { ...message, text: '', reply: null, attachments: [], card: null, previews: [], hidden: true };

/** Someone's reaction added or taken back. Doing it twice is doing it once, as far as they are among those named. */
export function react(reactions: Reaction[], emoji: string, by: AccountId, on: boolean): Reaction[] {
  const found = reactions.find(each => each.emoji === emoji);
  if (!found) return on ? [...reactions, { emoji, count: 1, accounts: [by] }] : reactions;
  const isNamed = found.accounts.includes(by);
  const others = found.accounts.filter(account => account !== by);
  const areAllNamed = found.accounts.length === found.count;
  if (on ? isNamed : !isNamed && areAllNamed) return reactions;
  const accounts = on && others.length < REACTORS_MAX ? [...others, by] : others;
  const next = { emoji, count: found.count + (on ? 1 : -1), accounts };
  return reactions.flatMap(each => (each !== found ? [each] : next.count > 0 ? [next] : []));
}
