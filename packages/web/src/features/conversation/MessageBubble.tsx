import type { Attachment } from '@sotto/protocol';
import Check from 'lucide-react/icons/check';
import CheckCheck from 'lucide-react/icons/check-check';
import CircleAlert from 'lucide-react/icons/circle-alert';
import Clock from 'lucide-react/icons/clock';
import EyeOff from 'lucide-react/icons/eye-off';
import { type KeyboardEvent, type MouseEvent, memo, useContext, useRef, useState } from 'react';
import { cutOf } from '../../state/long.ts';
import { refusalOf } from '../../state/refusal.ts';
import { type Bubble, isOnlyEmoji } from '../../state/thread.ts';
import { cx } from '../../ui/cx.ts';
import { Face } from '../../ui/Face.tsx';
import { timeOfDay } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import { LinkCard } from './LinkCard.tsx';
import { LongText } from './LongText.tsx';
import styles from './MessageBubble.module.css';
import { MessageText } from './MessageText.tsx';
import { Pictures } from './Pictures.tsx';
import { Quote } from './Quote.tsx';
import { Reactions } from './Reactions.tsx';
import { ShareCardView } from './ShareCardView.tsx';
import { ReceiptsContext, usePlace } from './thread-context.ts';
import { usePendingFiles } from './usePendingFiles.ts';
import { usePress } from './usePress.ts';
import { VoiceNote } from './VoiceNote.tsx';

/** One message with all that belongs to it. `tabbable`: Tab stops here; arrow keys walk on from it. */
export const MessageBubble = memo(function MessageBubble({
  bubble,
  tabbable,
}: {
  bubble: Bubble;
  tabbable: boolean;
}) {
  const { actions, named, nameOf, personOf, open } = usePlace();
  const [chosen, setChosen] = useState(false);
  const article = useRef<HTMLElement>(null);
  const { mine, first, last, delivery, at, message, pending } = bubble;
  const hidden = message?.hidden ?? false;
  const waiting = usePendingFiles(message ? null : pending);
  const sender = mine ? words.you : nameOf(bubble.sender);
  const showsName = named && !mine;
  const press = usePress(article, {
    onLong: () => article.current && actions.openMenu(bubble, article.current),
    onSwipe: open && bubble.seq !== null && !hidden ? () => actions.reply(bubble) : null,
  });
  const choose = (event: MouseEvent) => {
    const aside = (event.target as Element).closest('a,button,input,video') || getSelection()?.toString();
    if (!aside && !press.took()) setChosen(now => !now);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== article.current || !['Enter', 'ContextMenu'].includes(event.key)) return;
    event.preventDefault();
    actions.openMenu(bubble, article.current as HTMLElement);
  };
  const person = showsName && last ? personOf(bubble.sender) : undefined;
  return (
    <article
      ref={article}
      data-key={bubble.key}
      data-seq={bubble.seq ?? undefined}
      data-mine={mine || undefined}
      tabIndex={tabbable ? 0 : -1}
      className={cx(
        styles.line,
        mine && styles.mine,
        first && styles.first,
        last && styles.last,
        chosen && styles.chosen,
        named && styles.named,
      )}
      data-delivery={delivery}
      onClick={choose}
      onKeyDown={onKeyDown}
      {...press.handlers}
    >
      <span className="visually-hidden">{sender}</span>
      {showsName && (
        <span className={styles.face}>
          {last && <Face id={bubble.sender} name={sender} picture={person?.picture?.small} size={30} />}
        </span>
      )}
      <div className={styles.stack}>
        {showsName && first && (
          <b className={styles.name} dir="auto" aria-hidden="true">
            {sender}
          </b>
        )}
        {hidden ? (
          <div data-bubble className={cx(styles.bubble, styles.trace)}>
            <EyeOff aria-hidden="true" />
            {words.conversation.hidden}
          </div>
        ) : (
          <Inside
            bubble={bubble}
            attachments={message?.attachments ?? waiting}
            timed={last || chosen || delivery !== 'sent'}
          />
        )}
        {message && message.reactions.length > 0 && !hidden && (
          <Reactions bubble={bubble} reactions={message.reactions} />
        )}
        {delivery === 'failed' && <Failed bubble={bubble} />}
        <ReadFaces seq={bubble.seq} />
      </div>
      {!hidden && (
        // Each message has one: its three dots are drawn without elements of their own.
        <button
          type="button"
          className={styles.options}
          aria-label={words.conversation.actions}
          title={words.conversation.actions}
          aria-haspopup="menu"
          tabIndex={-1}
          onClick={event => actions.openMenu(bubble, event.currentTarget)}
        />
      )}
      <time className="visually-hidden" dateTime={at}>
        {timeOfDay(at)}
      </time>
    </article>
  );
});

interface InsideProps {
  bubble: Bubble;
  attachments: readonly Attachment[];
  timed: boolean;
}

function Inside({ bubble, attachments, timed }: InsideProps) {
  const { text, message, pending } = bubble;
  const reply = message?.reply ?? pending?.reply ?? null;
  const card = message?.card ?? pending?.card ?? null;
  const pictures = attachments.filter(({ kind }) => kind !== 'voice');
  const notes = attachments.filter(({ kind }) => kind === 'voice');
  const status = pending?.status;
  const part = status?.state === 'uploading' && !status.last ? status.part : null;
  const rich = attachments.length > 0 || card !== null || reply !== null;
  const large = !rich && isOnlyEmoji(text);
  const cut = cutOf(text);
  const bare = pictures.length > 0 && !text && !reply && !card && notes.length === 0;
  return (
    <div
      data-bubble
      className={cx(
        styles.bubble,
        large && styles.large,
        pictures.length > 0 && styles.withPictures,
        bare && styles.bare,
      )}
    >
      {reply && <Quote reply={reply} />}
      {pictures.length > 0 && (
        <Pictures pictures={pictures} progressOf={part === null ? undefined : () => part} />
      )}
      {notes.map(note => (
        <VoiceNote key={note.id} attachment={note} local={message === null} />
      ))}
      {card && <ShareCardView card={card} pending={message === null} />}
      {cut !== null ? (
        <LongText id={bubble.key} text={text} cut={cut} />
      ) : (
        text && (
          <p dir="auto" data-text>
            <MessageText text={text} />
          </p>
        )
      )}
      {message?.previews.map(preview => (
        <LinkCard key={preview.url} preview={preview} />
      ))}
      {timed && <Meta bubble={bubble} />}
    </div>
  );
}

function Meta({ bubble }: { bubble: Bubble }) {
  const { mine, delivery, at, seq, pending } = bubble;
  const { upTo } = useContext(ReceiptsContext);
  const read = mine && seq !== null && seq <= upTo;
  const status = pending?.status;
  return (
    <span className={styles.meta}>
      {delivery === 'sent' && <span aria-hidden="true">{timeOfDay(at)}</span>}
      {mine &&
        delivery === 'sent' &&
        (read ? <CheckCheck aria-hidden="true" /> : <Check aria-hidden="true" />)}
      {read && <span className="visually-hidden">{words.conversation.read}</span>}
      {(delivery === 'sending' ||
        delivery === 'waiting' ||
        (status?.state === 'uploading' && status.last)) && <Clock aria-hidden="true" />}
      {delivery === 'waiting' && words.conversation.waiting}
      {delivery === 'sending' && <span className="visually-hidden">{words.conversation.sending}</span>}
      {status?.state === 'uploading' &&
        (status.last ? words.conversation.waiting : words.conversation.uploading(words.percent(status.part)))}
    </span>
  );
}

/** In a group: the faces of those who have read up to here. */
function ReadFaces({ seq }: { seq: number | null }) {
  const { at } = useContext(ReceiptsContext);
  const people = seq === null ? undefined : at.get(seq);
  if (!people || people.length === 0) return null;
  return (
    <span className={styles.readers} title={words.conversation.readBy(people.map(({ name }) => name))}>
      <span className="visually-hidden">{words.conversation.readBy(people.map(({ name }) => name))}</span>
      {people.slice(0, 6).map(({ id, name, picture }) => (
        <Face key={id} id={id} name={name} picture={picture?.small} size={18} />
      ))}
      {people.length > 6 && <small>+{words.number(people.length - 6)}</small>}
    </span>
  );
}

function Failed({ bubble }: { bubble: Bubble }) {
  const { actions } = usePlace();
  const status = bubble.pending?.status;
  const reason = status?.state === 'failed' ? refusalOf(status, bubble.pending?.files ?? []) : '';
  return (
    <div className={styles.failed} role="alert">
      <span>
        <CircleAlert aria-hidden="true" />
        <b>{words.conversation.failed}.</b> {reason}
      </span>
      <button type="button" onClick={() => actions.retry(bubble)}>
        {words.conversation.failedRetry}
      </button>
      <button type="button" onClick={() => actions.takeBack(bubble)}>
        {words.conversation.change}
      </button>
      <button type="button" onClick={() => actions.discard(bubble)}>
        {words.conversation.discard}
      </button>
    </div>
  );
}
