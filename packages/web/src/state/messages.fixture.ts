import type { Conversation, ConversationOf, EntryOf, Message } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { person } from './people.fixture.ts';

export const messageOf = (id: string, sender: string, over: Partial<Message> = {}): Message => ({
  id,
  sender,
  clientId: id,
  text: id,
  reply: null,
  attachments: [],
  card: null,
  previews: [],
  reactions: [],
  hidden: false,
  ...over,
});

export const entryOf = (seq: number, at: number, message: Message): EntryOf<'message'> => ({
  seq,
  at: new Date(at).toISOString(),
  kind: 'message',
  message,
});

export const pendingOf = (clientId: string, over: Partial<PendingMessage> = {}): PendingMessage => ({
  clientId,
  text: clientId,
  reply: null,
  files: [],
  card: null,
  createdAt: 0,
  status: { state: 'sending' },
  ...over,
});

const common = {
  id: 'chat',
  head: 0,
  firstSeq: 1,
  readSeq: 0,
  unread: 0,
  markedUnread: false,
  mutedUntil: null,
  pinned: false,
  archived: false,
  last: null,
  at: null,
  state: 'active',
  canWrite: true,
  whyNot: null,
  version: 1,
  readers: [],
} as const satisfies Partial<Conversation>;

export const directWith = (
  name: string,
  over: Partial<ConversationOf<'direct'>> = {},
): ConversationOf<'direct'> => ({
  ...common,
  readers: [],
  kind: 'direct',
  with: person(name),
  asRequest: false,
  ...over,
});

export const groupOf = (
  names: string[],
  over: Partial<ConversationOf<'group'>> = {},
): ConversationOf<'group'> => ({
  ...common,
  readers: [],
  kind: 'group',
  title: '',
  picture: null,
  count: names.length + 1,
  faces: names.slice(0, 4).map(name => person(name)),
  you: 'member',
  blockedInside: false,
  ...over,
});

type Talk = Exclude<Conversation, { kind: 'direct' } | { kind: 'group' }>;

export const talkIn = (title: string, over: Partial<Talk> = {}): Talk => ({
  ...common,
  readers: [],
  kind: 'room',
  room: { id: 'room', title, ended: false },
  moderator: false,
  on: true,
  slowSeconds: 0,
  pin: null,
  ...over,
});
