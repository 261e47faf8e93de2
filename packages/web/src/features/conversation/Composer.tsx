import { MESSAGE_TEXT_MAX } from '@sotto/protocol/limits';
import type { ConversationStore } from '@sotto/sdk';
import ArrowUp from 'lucide-react/icons/arrow-up';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { drafts } from '../../state/drafts.ts';
import { knowsPermanence } from '../../state/prefs.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './Composer.module.css';

/** Pixels the field grows to where the browser does not size it by its content. */
const TALLEST = 180;

/** Where one writes: grows with the text, keeps it as a draft, and says once that messages stay (BC-6). */
export function Composer({ store, name }: { store: ConversationStore; name: string }) {
  const [text, setText] = useState(() => drafts.get(store.id));
  const field = useRef<HTMLTextAreaElement>(null);
  const knows = useReadable(knowsPermanence);
  const finger = useMedia('(pointer: coarse)');
  // UTF-16 units, as the contract counts them.
  const over = Math.max(0, text.trim().length - MESSAGE_TEXT_MAX);

  useEffect(() => drafts.set(store.id, text), [store, text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it taller.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area || CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  }, [text]);

  const send = () => {
    if (over > 0 || store.send(text) === null) return;
    setText('');
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || finger || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className={styles.composer}
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      {knows === 'no' && (
        <p className={styles.hint}>
          {words.conversation.permanence}
          <button type="button" onClick={() => knowsPermanence.set('yes')}>
            {words.conversation.permanenceOk}
          </button>
        </p>
      )}
      {over > 0 && (
        <p className={styles.over} role="alert">
          {words.conversation.tooLong(over)}
        </p>
      )}
      <div className={styles.line}>
        <textarea
          ref={field}
          rows={1}
          // biome-ignore lint/a11y/noAutofocus: one opens a conversation to write; on a phone the keyboard waits for a tap.
          autoFocus={!finger}
          dir="auto"
          value={text}
          aria-label={words.conversation.placeholder(name)}
          aria-invalid={over > 0 || undefined}
          placeholder={words.conversation.placeholder(name)}
          enterKeyHint={finger ? 'enter' : 'send'}
          onChange={event => {
            setText(event.target.value);
            if (event.target.value.trim()) store.typing();
          }}
          onKeyDown={onKeyDown}
        />
        <RoundButton
          type="submit"
          tone="whisper"
          label={words.conversation.send}
          icon={<ArrowUp />}
          disabled={!text.trim() || over > 0}
          // The keyboard stays up, and the field keeps the focus.
          onPointerDown={event => event.preventDefault()}
        />
      </div>
    </form>
  );
}
