import type { AccountId, Conversation, ConversationOf, EntryOf, LogEntry, Person } from '@sotto/protocol';
import { type ChangeEntry, changeEntry, isChange } from './message.ts';

/** The server counts unread messages up to here. */
const UNREAD_MAX = 1000;

export interface EntryContext {
  readonly self: AccountId;
  /** The message at a place, where this device has it: for pins. */
  readonly pinned?: ((seq: number) => LogEntry | undefined) | undefined;
  /** Whom the entry names. */
  readonly people?: readonly Person[];
}

export interface Effect {
  readonly conversation: Conversation;
  /** What the entry makes of it cannot be told for sure from here: it is to be asked for. */
  readonly unsure: boolean;
}

/** What the next entry of its log makes of a conversation, as its reader sees it in the inbox. */
export function applyEntry(before: Conversation, entry: LogEntry, context: EntryContext): Effect {
  const conversation = { ...before, head: entry.seq };
  if (isChange(entry)) return sure(withChange(conversation, entry));
  switch (entry.kind) {
    case 'message':
      return withMessage(conversation, entry, context.self);
    // It may have been the newest message, or somebody's coming: the server knows whether it counts.
    case 'withheld':
      return { conversation, unsure: true };
    case 'pin':
      return isTalk(conversation) ? withPin(conversation, entry, context) : sure(conversation);
    case 'people':
      return conversation.kind === 'group'
        ? { conversation: withPeople(conversation, entry, context), unsure: true }
        : sure(conversation);
    case 'about':
      return conversation.kind === 'group'
        ? sure({ ...conversation, title: entry.title, picture: entry.picture })
        : sure(conversation);
    case 'talk':
      return isTalk(conversation) ? sure(withTalk(conversation, entry)) : sure(conversation);
    case 'frozen':
      return isTalk(conversation)
        ? sure({
            ...conversation,
            room: { ...conversation.room, ended: true },
            canWrite: false,
            whyNot: 'frozen',
          })
        : sure(conversation);
  }
}

const sure = (conversation: Conversation): Effect => ({ conversation, unsure: false });

/** The written side of a room. */
export type TalkConversation = Exclude<Conversation, { kind: 'direct' | 'group' }>;
export const isTalk = (conversation: Conversation): conversation is TalkConversation =>
  conversation.kind === 'room' || conversation.kind === 'stage';

function withChange(conversation: Conversation, change: ChangeEntry): Conversation {
  const last = conversation.last && changeEntry(conversation.last, change);
  if (!isTalk(conversation)) return { ...conversation, last };
  return { ...conversation, last, pin: conversation.pin && changeEntry(conversation.pin, change) };
}

function withMessage(conversation: Conversation, entry: EntryOf<'message'>, self: AccountId): Effect {
  const isOwn = entry.message.sender === self;
  const counts = !isOwn && entry.seq > conversation.readSeq && entry.seq >= conversation.firstSeq;
  const next = {
    ...conversation,
    last: entry,
    at: entry.at,
    unread: counts ? Math.min(UNREAD_MAX, conversation.unread + 1) : conversation.unread,
    ...backFromArchive(conversation, entry.at),
  };
  // The first message to a stranger may close what one can write (BC-11).
  return { conversation: next, unsure: isOwn && next.kind === 'direct' && next.asRequest };
}

/** What is new comes back out of the archive, unless it was muted (BC-8). */
function backFromArchive(conversation: Conversation, at: string) {
  const isMuted = conversation.mutedUntil !== null && conversation.mutedUntil >= at;
  if (!conversation.archived || isMuted || isTalk(conversation)) return {};
  return { archived: false, version: conversation.version + 1 };
}

function withPin(conversation: TalkConversation, { of }: EntryOf<'pin'>, { pinned }: EntryContext): Effect {
  if (of === null) return sure({ ...conversation, pin: null });
  const last = conversation.last?.seq === of ? conversation.last : null;
  const pin = pinned?.(of) ?? last;
  if (!pin) return { conversation, unsure: true };
  return sure({ ...conversation, pin: pin.kind === 'message' ? pin : null });
}

/** Near enough to be shown until the server has been asked. */
function withPeople(
  group: ConversationOf<'group'>,
  { change, accounts }: EntryOf<'people'>,
  { self, people = [] }: EntryContext,
): ConversationOf<'group'> {
  const isMe = accounts.includes(self);
  switch (change) {
    case 'made':
      return { ...group, count: accounts.length };
    case 'added':
    case 'joined': {
      const come = people.filter(each => accounts.includes(each.id) && each.id !== self);
      const known = group.faces.map(face => face.id);
      const faces = [...group.faces, ...come.filter(each => !known.includes(each.id))].slice(0, 4);
      return { ...group, count: group.count + accounts.length, faces };
    }
    case 'left':
    case 'removed':
      return {
        ...group,
        count: Math.max(0, group.count - accounts.length),
        faces: group.faces.filter(face => !accounts.includes(face.id)),
      };
    case 'owner':
    case 'admin':
    case 'member':
      return isMe ? { ...group, you: change } : group;
  }
}

function withTalk(talk: TalkConversation, { on, slowSeconds }: EntryOf<'talk'>): TalkConversation {
  const next = { ...talk, on, slowSeconds };
  if (talk.whyNot !== null && talk.whyNot !== 'off') return next;
  const canWrite = on || talk.moderator;
  return { ...next, canWrite, whyNot: canWrite ? null : 'off' };
}
