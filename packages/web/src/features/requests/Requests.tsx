import type { Conversation } from '@sotto/protocol';
import Inbox from 'lucide-react/icons/inbox';
import ListChecks from 'lucide-react/icons/list-checks';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { requests } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { More } from '../inbox/More.tsx';
import { Page } from '../shell/Page.tsx';
import { RequestCard } from './RequestCard.tsx';
import styles from './Requests.module.css';
import { SelectionBar } from './SelectionBar.tsx';

type Id = Conversation['id'];

/** What waits for a yes, or what one's rules hold back (BC-10, BC-17). */
export function Requests({ view }: { view: 'waiting' | 'held' }) {
  const list = requests()[view];
  const now = useReadable(list);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn loads it again.
  useEffect(() => list.watch(), [list, turn]);
  const [picked, setPicked] = useState<ReadonlySet<Id> | null>(null);
  const chosen = now.requests.filter(request => picked?.has(request.conversation.id));
  const held = view === 'held';
  return (
    <Page
      title={held ? words.requests.heldTitle : words.requests.title}
      back={held ? paths.requests : paths.inbox}
      actions={
        now.requests.length > 1 && (
          <RoundButton
            tone={picked ? 'whisper' : 'quiet'}
            label={picked ? words.requests.selectDone : words.requests.select}
            aria-pressed={picked !== null}
            icon={<ListChecks />}
            onClick={() => setPicked(picked ? null : new Set())}
          />
        )
      }
      footer={
        picked && (
          <SelectionBar
            chosen={chosen}
            all={now.requests}
            onChoose={some => setPicked(new Set(some.map(request => request.conversation.id)))}
            onDone={() => setPicked(null)}
          />
        )
      }
    >
      {now.requests.length > 0 ? (
        <>
          <p className={styles.intro}>{held ? words.requests.heldText : words.requests.intro}</p>
          <ul className={styles.list}>
            {now.requests.map(request => (
              <li key={request.conversation.id}>
                <RequestCard
                  request={request}
                  selected={picked?.has(request.conversation.id) ?? null}
                  onSelect={on => setPicked(withOne(picked, request.conversation.id, on))}
                />
              </li>
            ))}
          </ul>
          {now.hasMore && <More loading={now.loadingMore} onMore={list.loadMore} />}
        </>
      ) : now.state === 'loading' ? (
        <Skeleton kind="card" rows={3} />
      ) : now.state === 'failed' ? (
        <State
          alert
          icon={<Inbox />}
          title={words.requests.errorTitle}
          text={wordsFor({ code: now.error, details: {} })}
          action={<Button onClick={() => setTurn(turn + 1)}>{words.retry}</Button>}
        />
      ) : (
        <State
          icon={held ? <ShieldAlert /> : <Inbox />}
          title={held ? words.requests.heldEmptyTitle : words.requests.emptyTitle}
          text={held ? words.requests.heldEmptyText : words.requests.emptyText}
        />
      )}
      {!held && now.held > 0 && (
        <Link href={paths.heldRequests} className={styles.heldLink}>
          <ShieldAlert aria-hidden="true" />
          {words.requests.heldLink(now.held)}
        </Link>
      )}
    </Page>
  );
}

function withOne(picked: ReadonlySet<Id> | null, id: Id, on: boolean): ReadonlySet<Id> {
  const next = new Set(picked);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
