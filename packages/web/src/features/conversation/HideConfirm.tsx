import { wordsFor } from '../../state/errors.ts';
import { sotto } from '../../state/sotto.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { words } from '../../words/index.ts';

interface HideConfirmProps {
  conversation: string;
  room: string;
  seq: number;
  onClose: () => void;
}

/** Asks a moderator once more before a message goes out of view (BC-3). */
export function HideConfirm({ conversation, room, seq, onClose }: HideConfirmProps) {
  return (
    <Confirm
      title={words.conversation.hideAsk}
      text={words.conversation.hideText}
      action={words.conversation.hide}
      explain={wordsFor}
      onConfirm={() => sotto.talk(room).hide(conversation, seq)}
      onClose={onClose}
    />
  );
}
