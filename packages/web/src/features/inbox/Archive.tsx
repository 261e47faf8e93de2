import ArchiveIcon from 'lucide-react/icons/archive';
import { useEffect } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { inbox } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Inbox.module.css';
import { InboxRow } from './InboxRow.tsx';
import { More } from './More.tsx';

/** What was put away (BC-8). */
export function Archive() {
  const view = useReadable(inbox.archive);
  const me = useMe();
  useEffect(() => void inbox.archive.loadMore(), []);
  return (
    <Page title={words.archive.title} back={paths.inbox}>
      {view.conversations.length > 0 ? (
        <>
          <ul className={styles.list}>
            {view.conversations.map(conversation => (
              <li key={conversation.id}>
                <InboxRow conversation={conversation} me={me.id} current={false} />
              </li>
            ))}
          </ul>
          {view.hasMore && <More loading={false} onMore={inbox.archive.loadMore} />}
        </>
      ) : view.state === 'loading' ? (
        <Skeleton kind="row" rows={4} />
      ) : view.state === 'failed' ? (
        <State
          alert
          icon={<ArchiveIcon />}
          title={words.archive.errorTitle}
          text={wordsFor({ code: view.error, details: {} })}
          action={<Button onClick={() => void inbox.archive.loadMore()}>{words.retry}</Button>}
        />
      ) : (
        <State icon={<ArchiveIcon />} title={words.archive.emptyTitle} text={words.archive.emptyText} />
      )}
    </Page>
  );
}
