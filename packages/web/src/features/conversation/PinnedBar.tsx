import Pin from 'lucide-react/icons/pin';
import X from 'lucide-react/icons/x';
import type { TalkConversation } from '../../state/conversation.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import styles from './PinnedBar.module.css';
import { usePin } from './usePin.ts';

interface PinnedBarProps {
  conversation: TalkConversation;
  nameOf: (account: string) => string;
  onGo: (seq: number) => void;
}

/** The message that moderators pinned, on top of the talk; a tap goes there (BC-3). */
export function PinnedBar({ conversation, nameOf, onGo }: PinnedBarProps) {
  const { pin } = usePin(conversation);
  const entry = conversation.pin;
  if (entry?.kind !== 'message') return null;
  const { message, seq } = entry;
  const [first] = message.attachments;
  const text = message.hidden
    ? words.conversation.hidden
    : message.text || (first && words.conversation[first.kind]);
  return (
    <div className={styles.bar}>
      <button type="button" className={styles.go} onClick={() => onGo(seq)}>
        <Pin aria-hidden="true" />
        <span className="visually-hidden">{words.conversation.pinned}</span>
        <span className={styles.text}>
          <b dir="auto">{nameOf(message.sender)}</b> <span dir="auto">{text || words.conversation.card}</span>
        </span>
      </button>
      {conversation.moderator && (
        <RoundButton tone="bare" label={words.conversation.unpin} icon={<X />} onClick={() => pin(null)} />
      )}
    </div>
  );
}
