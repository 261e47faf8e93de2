import MessageCircleOff from 'lucide-react/icons/message-circle-off';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { conversations } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import { Composer } from './Composer.tsx';
import styles from './Conversation.module.css';
import { Thread } from './Thread.tsx';

export function Conversation({ id }: { id: string }) {
  const store = useMemo(() => conversations().get(id), [id]);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn opens it again.
  useEffect(() => store.open(), [store, turn]);
  const view = useReadable(store);
  const me = useMe();
  const other = view.conversation?.with ?? null;
  const empty = view.entries.length === 0 && view.pending.length === 0;
  const missing = view.error === 'not_found' || view.error === 'invalid_input';
  const typing = other !== null && view.typing.includes(other.id);
  return (
    <Page
      title={other?.name ?? words.inbox.title}
      back={paths.inbox}
      fixed
      className={styles.page}
      head={
        other && (
          <Link
            href={paths.profile(other.handle)}
            className={styles.who}
            title={words.profile.invisible(other.name)}
          >
            <Face id={other.id} name={other.name} picture={other.picture?.small} size={40} />
            <span>
              <b dir="auto">{other.name}</b>
              <small dir="ltr">@{other.handle}</small>
            </span>
          </Link>
        )
      }
      footer={
        view.conversation &&
        (view.conversation.canWrite ? (
          <Composer key={id} store={store} name={other?.name ?? ''} />
        ) : (
          <p className={styles.closed}>{words.conversation.cannotWrite}</p>
        ))
      }
    >
      {view.state === 'failed' && empty ? (
        <div className={styles.center}>
          <State
            alert
            icon={<MessageCircleOff />}
            title={missing ? words.conversation.missingTitle : words.conversation.errorTitle}
            text={missing ? words.conversation.missingText : wordsFor({ code: view.error, details: {} })}
            action={!missing && <Button onClick={() => setTurn(turn + 1)}>{words.retry}</Button>}
          />
        </div>
      ) : view.state === 'loading' && empty ? (
        <div className={styles.loading}>
          <Skeleton kind="bubble" rows={6} />
        </div>
      ) : (
        <Thread view={view} store={store} me={me.id} otherName={other?.name ?? ''} typing={typing} />
      )}
    </Page>
  );
}
