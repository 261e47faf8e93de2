import type { Conversation } from '@sotto/protocol';
import { ATTACHMENTS_MAX } from '@sotto/protocol/limits';
import ShareIcon from 'lucide-react/icons/share-2';
import { useEffect, useRef } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { judge } from '../../state/files.ts';
import { endShare, give, hasEnded, readWaiting, ungive } from '../../state/given.ts';
import { paths } from '../../state/route.ts';
import { SHARED_BYTES_MAX, type Shared } from '../../state/shared.ts';
import { allowanceOf, closedText } from '../../state/writing.ts';
import { Button } from '../../ui/Button.tsx';
import { note } from '../../ui/notes.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { ChosenStrip } from '../conversation/ChosenStrip.tsx';
import { useFiles } from '../conversation/useFiles.ts';
import { Page } from '../shell/Page.tsx';
import { Recipients } from './Recipients.tsx';
import styles from './Share.module.css';

/** What another app handed over (BC-20): whom it is for is asked, and there it waits in the composer to be sent. */
export function Share() {
  const lost = new URLSearchParams(useSearch()).has('lost');
  const found = useLoad('shared', readWaiting);
  const [, navigate] = useLocation();
  const shared = found.state === 'ready' ? found.value : null;
  // Said before what waited already, which would be taken for it.
  if (lost && shared) return <Lost />;
  if (shared && (shared.text !== '' || shared.files.length > 0)) return <Choose shared={shared} />;
  if (found.state === 'ready' && !shared && !lost && hasEnded()) return <Redirect to={paths.inbox} replace />;
  const { nothingTitle, nothingText, noneTitle, lostTitle, lostText, failedTitle } = words.shared;
  const failed = found.state === 'failed';
  const problems = problemsOf(shared?.left ?? []);
  const refused = problems.length > 0;
  return (
    <Page title={words.shared.title} back={paths.inbox}>
      {found.state === 'loading' ? (
        <Skeleton kind="row" rows={5} />
      ) : (
        <State
          alert={lost || failed || refused}
          icon={<ShareIcon />}
          title={failed ? failedTitle : refused ? noneTitle : lost ? lostTitle : nothingTitle}
          text={refused ? problems.join(' ') : lost || failed ? lostText : nothingText}
          action={
            <Button
              tone="whisper"
              onClick={() => {
                if (shared) forget(shared);
                navigate(paths.inbox, { replace: true });
              }}
            >
              {words.shared.action}
            </Button>
          }
        />
      )}
    </Page>
  );
}

/** A share did not come through, while an earlier one waits. */
function Lost() {
  const [, navigate] = useLocation();
  return (
    <Page title={words.shared.title} back={paths.inbox}>
      <State
        alert
        icon={<ShareIcon />}
        title={words.shared.lostTitle}
        text={words.shared.lostText}
        action={
          <Button tone="whisper" onClick={() => navigate(paths.share, { replace: true })}>
            {words.shared.earlier}
          </Button>
        }
      />
    </Page>
  );
}

/** Why these are not among what can be sent, each reason once. */
function problemsOf(left: Shared['left']): string[] {
  const reasons = left.map(file => {
    if (file.heavy) return words.shared.tooHeavy(file.name, SHARED_BYTES_MAX / (1024 * 1024));
    const verdict = judge(file);
    return 'problem' in verdict ? verdict.problem : words.conversation.tooMany(ATTACHMENTS_MAX);
  });
  return [...new Set(reasons)];
}

function forget(shared: Shared): void {
  endShare(shared).catch(() => {}); // It goes by itself after a day.
}

const refuse = (text: string) => note(text, { tone: 'danger' });

function Choose({ shared }: { shared: Shared }) {
  const [, navigate] = useLocation();
  const { files, add, remove } = useFiles();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    ungive(shared);
    add(shared.files);
    for (const problem of problemsOf(shared.left)) refuse(problem);
  }, [shared, add]);
  const choose = (conversation: Conversation) => {
    if (!conversation.canWrite) return refuse(closedText(conversation));
    if (files.length > 0 && !allowanceOf(conversation).files) return refuse(words.conversation.requestText);
    const { id } = conversation;
    give(
      id,
      shared,
      files.flatMap(({ file }) => (file.bytes instanceof File ? [file.bytes] : [])),
    );
    navigate(paths.conversation(id));
  };
  const cancel = () => {
    forget(shared);
    navigate(paths.inbox, { replace: true });
  };
  return (
    <Page
      title={words.shared.title}
      back={paths.inbox}
      footer={
        <div className={styles.foot}>
          <Button onClick={cancel}>{words.shared.cancel}</Button>
        </div>
      }
    >
      <section className={styles.what} aria-label={words.shared.what}>
        <p className={styles.origin}>{words.shared.origin}</p>
        <ChosenStrip files={files} onRemove={remove} />
        {shared.text && (
          <p className={styles.text} dir="auto">
            {shared.text}
          </p>
        )}
      </section>
      <Recipients onChoose={choose} />
    </Page>
  );
}
