import type { Conversation } from '@sotto/protocol';
import PenLine from 'lucide-react/icons/pen-line';
import Search from 'lucide-react/icons/search';
import Send from 'lucide-react/icons/send';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { conversationTitle } from '../../state/conversation.ts';
import { drafts } from '../../state/drafts.ts';
import { wordsFor } from '../../state/errors.ts';
import { previewOf, unsentOf } from '../../state/inbox.ts';
import { paths } from '../../state/route.ts';
import { inbox, onTheWay } from '../../state/sotto.ts';
import { Button, RoundLink } from '../../ui/Button.tsx';
import { Row } from '../../ui/Row.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { shortAgo } from '../../words/time.ts';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Inbox.module.css';

/** The Backchannel's list of conversations. */
export function Inbox({ current }: { current?: string | undefined }) {
  const view = useReadable(inbox);
  const me = useMe();
  return (
    <Page
      large
      title={words.inbox.title}
      actions={
        <>
          <RoundLink href={paths.people} label={words.nav.search} icon={<Search />} />
          <RoundLink href={paths.people} tone="whisper" label={words.inbox.compose} icon={<PenLine />} />
        </>
      }
    >
      {view.conversations.length > 0 ? (
        <>
          <ul className={styles.list}>
            {view.conversations.map(conversation => (
              <li key={conversation.id}>
                <InboxRow conversation={conversation} me={me.id} current={conversation.id === current} />
              </li>
            ))}
          </ul>
          {view.hasMore && <More loading={view.loadingMore} />}
        </>
      ) : view.state === 'loading' ? (
        <Skeleton kind="row" rows={6} />
      ) : view.state === 'failed' ? (
        <State
          alert
          icon={<Send />}
          title={words.inbox.errorTitle}
          text={wordsFor({ code: view.error, details: {} })}
          action={<Button onClick={() => void inbox.reload()}>{words.retry}</Button>}
        />
      ) : (
        <Empty />
      )}
    </Page>
  );
}

function Empty() {
  const [, navigate] = useLocation();
  return (
    <State
      icon={<Send />}
      title={words.inbox.emptyTitle}
      text={words.inbox.emptyText}
      action={
        <Button tone="whisper" icon={<PenLine />} onClick={() => navigate(paths.people)}>
          {words.inbox.compose}
        </Button>
      }
    />
  );
}

function InboxRow({
  conversation,
  me,
  current,
}: {
  conversation: Conversation;
  me: string;
  current: boolean;
}) {
  const { unread, last } = conversation;
  const draft = drafts.get(conversation.id);
  const unsent = unsentOf(conversation, useReadable(onTheWay));
  return (
    <Row
      href={paths.conversation(conversation.id)}
      current={current}
      strong={unread > 0}
      lead={<ConversationFace conversation={conversation} size={50} />}
      title={conversationTitle(conversation)}
      text={
        unsent ? (
          <>
            <b className={unsent.state === 'failed' ? styles.failed : undefined}>
              {unsent.state === 'failed' ? words.inbox.failed : words.inbox.waiting}
            </b>{' '}
            {unsent.text}
          </>
        ) : draft && !current ? (
          <>
            <b className={styles.draft}>{words.inbox.draft}</b> {draft}
          </>
        ) : (
          previewOf(conversation, me)
        )
      }
      aside={
        <>
          {last && <time dateTime={last.at}>{shortAgo(last.at)}</time>}
          {unread > 0 && (
            <span className={styles.unread}>
              <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
              <span className="visually-hidden">{words.inbox.unread(unread)}</span>
            </span>
          )}
        </>
      }
    />
  );
}

/** Asks for the next page when its place comes near the screen. */
function More({ loading }: { loading: boolean }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (loading || !end.current) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void inbox.loadMore(), {
      rootMargin: '400px',
    });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [loading]);
  return <div ref={end}>{loading && <Skeleton kind="row" rows={2} />}</div>;
}
