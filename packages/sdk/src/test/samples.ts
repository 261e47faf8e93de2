import type { ConversationOf, EntryOf, LogEntry, RoomSnapshot } from '@sotto/protocol';

export const ANA = '01900000-0000-7000-8000-00000000000a';
export const BEN = '01900000-0000-7000-8000-00000000000b';
export const CHAT = '01900000-0000-7000-8000-0000000000c1';
export const ROOM = '01900000-0000-7000-8000-0000000000d1';

const hex = (n: number) => n.toString(16).padStart(12, '0');
export const clientIdOf = (n: number): string => `01900000-0000-7000-9000-${hex(n)}`;

export const person = (id: string) => ({
  id,
  handle: `h${id.slice(-1)}`,
  name: `N${id.slice(-1)}`,
  picture: null,
  newcomer: false,
});

export const entryOf = (seq: number, sender: string, text = `m${seq}`): EntryOf<'message'> => ({
  seq,
  at: new Date(1_700_000_000_000 + seq * 1000).toISOString(),
  kind: 'message',
  message: {
    id: `01900000-0000-7000-a000-${hex(seq)}`,
    sender,
    clientId: clientIdOf(seq),
    text,
    reply: null,
    attachments: [],
    card: null,
    previews: [],
    reactions: [],
    hidden: false,
  },
});

/** A conversation as a server with this log would say it, to ANA. */
export function conversationOf(
  log: readonly LogEntry[],
  readSeq: number,
  id = CHAT,
): ConversationOf<'direct'> {
  const messages = log.filter(entry => entry.kind === 'message');
  return {
    id,
    kind: 'direct',
    with: person(BEN),
    asRequest: false,
    head: log.length,
    firstSeq: 1,
    readSeq,
    unread: messages.filter(entry => entry.seq > readSeq && entry.message.sender !== ANA).length,
    markedUnread: false,
    mutedUntil: null,
    pinned: false,
    archived: false,
    last: messages.at(-1) ?? null,
    at: messages.at(-1)?.at ?? null,
    state: 'active',
    canWrite: true,
    whyNot: null,
    version: 1,
    readers: [],
  };
}

export const snapshotOf = (version: number): RoomSnapshot => ({
  version,
  info: {
    id: ROOM,
    title: `t${version}`,
    topics: [],
    visibility: 'open',
    hands: 'everyone',
    stageLocked: false,
    startedAt: '2026-11-22T00:00:00.000Z',
    openedBy: ANA,
  },
  stage: [],
  handCount: 0,
  hands: [],
  audience: { count: 0, sample: [] },
  you: {
    role: 'listener',
    muted: true,
    hand: null,
    mayRaiseHand: true,
    invitation: null,
    offeredModeration: false,
    device: 'device-1',
    key: null,
  },
  slots: [null, null, null, null],
  speaking: [],
});
