import Smile from 'lucide-react/icons/smile';
import { useId, useRef, useState } from 'react';
import { RoundButton } from '../../ui/Button.tsx';
import { latePart } from '../../ui/late.tsx';
import { words } from '../../words/index.ts';
import styles from './Composer.module.css';

const EmojiGrid = latePart(() => import('./EmojiGrid.tsx').then(module => module.EmojiGrid));

/** Emoji for the text. Stays open for more than one; Escape closes. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <RoundButton
        ref={button}
        tone="bare"
        label={words.conversation.emoji}
        icon={<Smile />}
        popoverTarget={id}
        aria-expanded={open}
      />
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={words.conversation.emoji}
        className={styles.emoji}
        onToggle={event => {
          const now = event.newState === 'open';
          setOpen(now);
          const from = button.current?.getBoundingClientRect();
          const box = event.currentTarget;
          if (!now || !from) return;
          box.style.left = `${Math.max(8, Math.min(from.right - box.offsetWidth, innerWidth - box.offsetWidth - 8))}px`;
          box.style.bottom = `${innerHeight - from.top + 8}px`;
        }}
      >
        {open && <EmojiGrid onPick={onPick} />}
      </div>
    </>
  );
}
