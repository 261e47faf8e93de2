import Check from 'lucide-react/icons/check';
import CircleAlert from 'lucide-react/icons/circle-alert';
import Clock from 'lucide-react/icons/clock';
import Copy from 'lucide-react/icons/copy';
import Ellipsis from 'lucide-react/icons/ellipsis';
import { type MouseEvent, memo, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { outbox } from '../../state/sotto.ts';
import { type Bubble, isOnlyEmoji } from '../../state/thread.ts';
import { copyText } from '../../ui/copy.ts';
import { cx } from '../../ui/cx.ts';
import { Menu } from '../../ui/Menu.tsx';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import { timeOfDay } from '../../words/time.ts';
import { RichText } from '../profile/RichText.tsx';
import styles from './MessageBubble.module.css';

interface MessageBubbleProps {
  bubble: Bubble;
  sender: string;
  tabbable: boolean;
}

async function copy(text: string): Promise<void> {
  if (await copyText(text)) note(words.conversation.copied);
  else note(words.conversation.copyFailed, { tone: 'danger' });
}

export const MessageBubble = memo(function MessageBubble({ bubble, sender, tabbable }: MessageBubbleProps) {
  const [chosen, setChosen] = useState(false);
  const { text, mine, first, last, delivery, at } = bubble;
  const large = isOnlyEmoji(text);
  const choose = (event: MouseEvent) => {
    const aside = (event.target as Element).closest('a,button') || getSelection()?.toString();
    if (!aside) setChosen(now => !now);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tap only brings up the options, which keys reach by themselves.
    <article
      data-key={bubble.key}
      tabIndex={tabbable ? 0 : -1}
      className={cx(
        styles.line,
        mine && styles.mine,
        first && styles.first,
        last && styles.last,
        chosen && styles.chosen,
      )}
      data-delivery={delivery}
      onClick={choose}
    >
      <span className="visually-hidden">{sender}</span>
      <div className={cx(styles.bubble, large && styles.large)}>
        <p dir="auto">
          <RichText text={text} />
        </p>
        <Meta bubble={bubble} shown={last || chosen || delivery !== 'sent'} />
      </div>
      <span className={styles.options}>
        <Menu
          small
          label={words.conversation.actions}
          icon={<Ellipsis />}
          items={[{ label: words.conversation.copy, icon: <Copy />, onSelect: () => void copy(text) }]}
        />
      </span>
      {delivery === 'failed' && <Failed bubble={bubble} />}
      <time className="visually-hidden" dateTime={at}>
        {timeOfDay(at)}
      </time>
    </article>
  );
});

function Meta({ bubble, shown }: { bubble: Bubble; shown: boolean }) {
  if (!shown) return null;
  const { mine, delivery, at } = bubble;
  return (
    <span className={styles.meta} aria-hidden={delivery === 'sent' || undefined}>
      {delivery === 'sent' && timeOfDay(at)}
      {mine && delivery === 'sent' && <Check />}
      {(delivery === 'sending' || delivery === 'waiting') && <Clock />}
      {delivery === 'waiting' && words.conversation.waiting}
      {delivery === 'sending' && <span className="visually-hidden">{words.conversation.sending}</span>}
    </span>
  );
}

function Failed({ bubble }: { bubble: Bubble }) {
  const status = bubble.pending?.status;
  const reason = status?.state === 'failed' ? wordsFor({ code: status.code, details: {} }) : '';
  return (
    <div className={styles.failed} role="alert">
      <CircleAlert aria-hidden="true" />
      <span>
        <b>{words.conversation.failed}.</b> {reason}
      </span>
      <button type="button" onClick={() => outbox().retry(bubble.key)}>
        {words.conversation.failedRetry}
      </button>
      <button type="button" onClick={() => outbox().discard(bubble.key)}>
        {words.conversation.discard}
      </button>
    </div>
  );
}
