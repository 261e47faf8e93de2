import type { Conversation } from '@sotto/protocol';
import Radio from 'lucide-react/icons/radio';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { conversationTitle } from '../../state/conversation.ts';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { conversations, rooms, unlockSound } from '../../state/sotto.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { words } from '../../words/index.ts';

/** Opens a room with the people of a conversation, and leaves a card in it that lets them in (BC-4). */
export function StartRoomButton({ conversation }: { conversation: Conversation }) {
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const open = conversation.kind === 'direct' ? !conversation.asRequest : conversation.kind === 'group';
  if (!open) return null;
  const start = async () => {
    unlockSound();
    const { info, you } = await rooms.open({ conversation: conversation.id, visibility: 'private' });
    conversations()
      .get(conversation.id)
      .send({ card: { kind: 'room', room: info.id, ...(you.key ? { key: you.key } : {}) } });
    navigate(paths.room(info.id));
  };
  return (
    <>
      <RoundButton label={words.conversation.startRoom} icon={<Radio />} onClick={() => setAsking(true)} />
      {asking && (
        <Confirm
          title={words.conversation.startRoom}
          text={words.conversation.startRoomText(conversationTitle(conversation))}
          action={words.conversation.startRoom}
          tone="voice"
          explain={wordsFor}
          onConfirm={start}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
