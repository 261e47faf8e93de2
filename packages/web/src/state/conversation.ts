import type { Conversation } from '@sotto/protocol';
import { shortName } from '../ui/shortName.ts';
import { words } from '../words/index.ts';

/** The written side of a room, or of its stage. */
export type TalkConversation = Exclude<Conversation, { kind: 'direct' } | { kind: 'group' }>;

export const talkOf = (conversation: Conversation | null): TalkConversation | null =>
  conversation?.kind === 'room' || conversation?.kind === 'stage' ? conversation : null;

/** It waits for a yes, theirs or one's own: until then no link in it is live, for neither (BC-11). */
export const isRequest = (conversation: Conversation | null): boolean =>
  conversation?.kind === 'direct' &&
  (conversation.state === 'request' || conversation.whyNot === 'waiting' || conversation.asRequest);

/** What a conversation is called: the other's name, the group's, the room's. */
export function conversationTitle(conversation: Conversation): string {
  switch (conversation.kind) {
    case 'direct':
      return conversation.with.name;
    case 'group':
      return conversation.title || groupNames(conversation);
    case 'room':
      return conversation.room.title || words.unnamed.everyone;
    case 'stage':
      return conversation.room.title ? words.unnamed.stageOf(conversation.room.title) : words.unnamed.stage;
  }
}

/** A group without a name is called by who is in it. */
function groupNames({ faces, count }: Extract<Conversation, { kind: 'group' }>): string {
  const names = faces.slice(0, 3).map(({ name }) => shortName(name));
  const others = count - 1 - names.length;
  if (names.length === 0) return words.unnamed.group;
  return words.list(others > 0 ? [...names, words.unnamed.others(others)] : names);
}

/** The faces that stand for a conversation, at most two. */
export function conversationFaces(
  conversation: Conversation,
): { id: string; name: string; picture: string | null }[] {
  if (conversation.kind === 'direct') {
    const { id, name, picture } = conversation.with;
    return [{ id, name, picture: picture?.small ?? null }];
  }
  if (conversation.kind !== 'group') {
    const { id, title } = conversation.room;
    return [{ id, name: title || words.unnamed.everyone, picture: null }];
  }
  if (conversation.picture)
    return [
      { id: conversation.id, name: conversationTitle(conversation), picture: conversation.picture.small },
    ];
  const faces = conversation.faces
    .slice(0, 2)
    .map(({ id, name, picture }) => ({ id, name, picture: picture?.small ?? null }));
  return faces.length > 0
    ? faces
    : [{ id: conversation.id, name: conversationTitle(conversation), picture: null }];
}
