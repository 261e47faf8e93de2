import { useContext, useRef } from 'react';
import { words } from '../../words/index.ts';
import styles from './MessageBubble.module.css';
import { MessageText } from './MessageText.tsx';
import { OpenedContext } from './thread-context.ts';

/** The beginning of a long message, with a button that opens the rest in place. Once open, it stays so. */
export function LongText({ id, text, cut }: { id: string; text: string; cut: number }) {
  const { opened, open } = useContext(OpenedContext);
  const paragraph = useRef<HTMLParagraphElement>(null);
  const whole = opened.has(id);
  const onClick = () => {
    // The button goes: from the message on, all of it can be read.
    paragraph.current?.closest<HTMLElement>('article')?.focus({ preventScroll: true });
    open(id);
  };
  return (
    <>
      <p ref={paragraph} dir="auto" data-text className={whole ? undefined : styles.cut}>
        <MessageText text={text} upTo={whole ? undefined : cut} />
        {!whole && '…'}
      </p>
      {!whole && (
        <button type="button" className={styles.more} onClick={onClick}>
          {words.conversation.readMore}
        </button>
      )}
    </>
  );
}
