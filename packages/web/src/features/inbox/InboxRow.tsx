import type { Conversation } from '@sotto/protocol';
import BellOff from 'lucide-react/icons/bell-off';
import Pin from 'lucide-react/icons/pin';
import { useMemo } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { drafts } from '../../state/drafts.ts';
import { previewOf, unsentOf } from '../../state/inbox.ts';
import { paths } from '../../state/route.ts';
import { conversations, onTheWay } from '../../state/sotto.ts';
import { cx } from '../../ui/cx.ts';
import { Row } from '../../ui/Row.tsx';
import { shortName } from '../../ui/shortName.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { shortAgo } from '../../words/time.ts';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import styles from './InboxRow.module.css';
import { isUnread, PlaceMenu } from './PlaceMenu.tsx';
import { SwipeRow } from './SwipeRow.tsx';

interface InboxRowProps {
  conversation: Conversation;
  me: string;
  current: boolean;
}

/** A conversation in the inbox: who, what was said last or is under way, and what can be done with it. */
export function InboxRow({ conversation, me, current }: InboxRowProps) {
  const { last, unread, markedUnread, mutedUntil, pinned } = conversation;
  const quiet = mutedUntil !== null;
  return (
    <SwipeRow conversation={conversation}>
      <div className={styles.row}>
        <Row
          href={paths.conversation(conversation.id)}
          current={current}
          strong={isUnread(conversation) && !quiet}
          lead={
            <span className={styles.face}>
              <ConversationFace conversation={conversation} size={50} />
            </span>
          }
          title={conversationTitle(conversation)}
          text={<Line conversation={conversation} me={me} current={current} />}
          aside={
            <>
              <span className={styles.when}>
                {quiet && <BellOff role="img" aria-label={words.place.muted} />}
                {pinned && <Pin role="img" aria-label={words.place.pinned} />}
                {last && <time dateTime={last.at}>{shortAgo(last.at)}</time>}
              </span>
              {unread > 0 ? (
                <span className={cx(styles.unread, quiet && styles.quiet)}>
                  <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
                  <span className="visually-hidden">{words.inbox.unread(unread)}</span>
                </span>
              ) : (
                markedUnread && (
                  <span className={cx(styles.unread, styles.dot, quiet && styles.quiet)}>
                    <span className="visually-hidden">{words.place.marked}</span>
                  </span>
                )
              )}
            </>
          }
        />
        <span className={styles.menu}>
          <PlaceMenu conversation={conversation} />
        </span>
      </div>
    </SwipeRow>
  );
}

/** The second line: somebody typing, what is not sent, a draft, or what was said last. */
function Line({ conversation, me, current }: InboxRowProps) {
  const store = useMemo(() => conversations().get(conversation.id), [conversation.id]);
  const { typing, people } = useReadable(store);
  const unsent = unsentOf(conversation, useReadable(onTheWay));
  const draft = current ? '' : drafts.get(conversation.id);
  const [one] = typing;
  if (one !== undefined) {
    const name = conversation.kind === 'direct' ? undefined : people.get(one)?.name;
    return (
      <span className={styles.typing}>
        {typing.length === 1 && name ? `${shortName(name)} ${words.inbox.typing}` : words.inbox.typingSome}
      </span>
    );
  }
  if (unsent)
    return (
      <>
        <b className={unsent.state === 'failed' ? styles.failed : undefined}>
          {unsent.state === 'failed' ? words.inbox.failed : words.inbox.waiting}
        </b>{' '}
        {unsent.text}
      </>
    );
  if (draft)
    return (
      <>
        <b className={styles.draft}>{words.inbox.draft}</b> {draft}
      </>
    );
  const text = previewOf(conversation, me);
  const sender = conversation.last?.kind === 'message' ? conversation.last.message.sender : me;
  const by = conversation.kind === 'direct' || sender === me ? undefined : people.get(sender)?.name;
  if (!by || !text) return text || ' ';
  // The line runs as what was said does, whatever the name is written in.
  return (
    <>
      <bdi>{shortName(by)}</bdi>
      {words.inbox.by(text)}
    </>
  );
}
