import type { Request } from '@sotto/protocol';
import Eye from 'lucide-react/icons/eye';
import { useState } from 'react';
import { Link } from 'wouter';
import { groupTitle, isInvitation, provenanceOf, textOf } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { cx } from '../../ui/cx.ts';
import { Face } from '../../ui/Face.tsx';
import { words } from '../../words/index.ts';
import { shortAgo } from '../../words/time.ts';
import { RequestButtons } from './RequestButtons.tsx';
import styles from './Requests.module.css';

interface RequestCardProps {
  request: Request;
  /** Being picked out of many: null while one is not at it. */
  selected?: boolean | null;
  onSelect?: (selected: boolean) => void;
  /** Picture and text are shown from the start. */
  open?: boolean;
  /** The only one on the screen: a long name is there in full. */
  alone?: boolean;
  onGone?: (() => void) | undefined;
}

/** Who asks, how they came here, and what they wrote: picture, text and a group's name veiled until tapped (BC-12). */
export function RequestCard(props: RequestCardProps) {
  const { request, selected = null, onSelect, open = false, alone = false, onGone } = props;
  const [shown, setShown] = useState(open);
  const { from, conversation, sentAt } = request;
  const text = textOf(request);
  const invited = isInvitation(request);
  return (
    <article className={cx(styles.card, alone && styles.alone)} aria-label={words.requests.from(from.name)}>
      <header className={styles.who}>
        {selected !== null && (
          <label className={styles.pick}>
            <input
              type="checkbox"
              className={styles.check}
              aria-label={words.requests.selectOne(from.name)}
              checked={selected}
              onChange={event => onSelect?.(event.target.checked)}
            />
          </label>
        )}
        <span className={cx(styles.face, !shown && styles.veiled)}>
          <Face id={from.id} name={from.name} picture={from.picture?.small} size={48} />
        </span>
        <span className={styles.names}>
          <Link href={paths.profile(from.handle)} className={styles.name}>
            <span dir="auto">{from.name}</span>
          </Link>
          <small dir="ltr">@{from.handle}</small>
        </span>
        <time className={styles.when} dateTime={sentAt}>
          {shortAgo(sentAt)}
        </time>
      </header>
      <ul className={styles.provenance}>
        {provenanceOf(request).map(line => (
          <li key={line} dir="auto">
            {line}
          </li>
        ))}
      </ul>
      {invited && (
        <p className={styles.invitation} dir="auto">
          {words.requests.invites(shown ? groupTitle(request) : words.requests.aGroup)}
          {conversation.kind === 'group' && <> · {words.requests.groupPeople(conversation.count)}</>}
        </p>
      )}
      {text && shown && (
        <p className={styles.text} dir="auto">
          {text}
        </p>
      )}
      {(text || invited) && !shown && (
        <button type="button" className={styles.veil} onClick={() => setShown(true)}>
          <span aria-hidden="true" />
          <span aria-hidden="true" />
          <span className={styles.show}>
            <Eye aria-hidden="true" />
            {invited ? words.requests.showGroup : words.requests.show}
          </span>
        </button>
      )}
      {selected === null && <RequestButtons request={request} onGone={onGone} />}
    </article>
  );
}
