import type { Conversation } from '@sotto/protocol';
import { conversationFaces } from '../../state/conversation.ts';
import { Face, FacePair } from '../../ui/Face.tsx';

/** The other's face, the group's picture, or two of its faces. */
export function ConversationFace({ conversation, size }: { conversation: Conversation; size: number }) {
  const faces = conversationFaces(conversation);
  const [only, second] = faces;
  if (second) return <FacePair people={faces} size={Math.round(size * 0.7)} />;
  return only ? <Face {...only} size={size} /> : null;
}
