import ArchiveIcon from 'lucide-react/icons/archive';
import PenLine from 'lucide-react/icons/pen-line';
import Send from 'lucide-react/icons/send';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { inbox } from '../../state/sotto.ts';
import { Button, RoundLink } from '../../ui/Button.tsx';
import { latePart } from '../../ui/late.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { RequestsRow } from '../requests/RequestsRow.tsx';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Inbox.module.css';
import { InboxRow } from './InboxRow.tsx';
import { More } from './More.tsx';

const SearchResults = latePart(
  () => import('./SearchResults.tsx').then(module => module.SearchResults),
  <Skeleton kind="row" rows={5} />,
);

/** The Backchannel's list of conversations, and the search over all that was said in them. */
export function Inbox({ current }: { current?: string | undefined }) {
  const [query, setQuery] = useState('');
  return (
    <Page
      large
      title={words.inbox.title}
      actions={
        <>
          <RoundLink href={paths.archive} label={words.archive.open} icon={<ArchiveIcon />} />
          <RoundLink href={paths.compose} tone="whisper" label={words.inbox.compose} icon={<PenLine />} />
        </>
      }
    >
      <SearchField
        label={words.messageSearch.label}
        placeholder={words.messageSearch.placeholder}
        value={query}
        onChange={setQuery}
      />
      {query.trim() ? <SearchResults query={query} /> : <Conversations current={current} />}
    </Page>
  );
}

function Conversations({ current }: { current: string | undefined }) {
  const view = useReadable(inbox);
  const me = useMe();
  if (view.conversations.length > 0)
    return (
      <>
        <RequestsRow />
        <ul className={styles.list}>
          {view.conversations.map(conversation => (
            <li key={conversation.id}>
              <InboxRow conversation={conversation} me={me.id} current={conversation.id === current} />
            </li>
          ))}
        </ul>
        {view.hasMore && <More loading={view.loadingMore} onMore={inbox.loadMore} />}
      </>
    );
  if (view.state === 'loading') return <Skeleton kind="row" rows={6} />;
  if (view.state === 'failed')
    return (
      <State
        alert
        icon={<Send />}
        title={words.inbox.errorTitle}
        text={wordsFor({ code: view.error, details: {} })}
        action={<Button onClick={() => void inbox.reload()}>{words.retry}</Button>}
      />
    );
  return (
    <>
      <RequestsRow />
      <Empty />
    </>
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
        <Button tone="whisper" icon={<PenLine />} onClick={() => navigate(paths.compose)}>
          {words.inbox.compose}
        </Button>
      }
    />
  );
}
