import Inbox from 'lucide-react/icons/inbox';
import { useLocation } from 'wouter';
import { codeOf, wordsFor } from '../../state/errors.ts';
import { isInvitation, requests } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { Button } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { Page } from '../shell/Page.tsx';
import { RequestCard } from './RequestCard.tsx';
import styles from './Requests.module.css';

/** One request as a screen of its own. */
export function RequestScreen({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const request = useLoad(id, () => requests().get(id));
  const gone = () => navigate(paths.requests, { replace: true });
  return (
    <Page
      title={
        request.state === 'ready' && isInvitation(request.value)
          ? words.requests.invitation
          : words.requests.one
      }
      back={paths.requests}
    >
      {request.state === 'loading' && <Skeleton kind="card" rows={1} />}
      {request.state === 'ready' && (
        <>
          <p className={styles.intro}>{words.requests.intro}</p>
          <RequestCard alone request={request.value} onGone={gone} />
        </>
      )}
      {request.state === 'failed' &&
        (['not_found', 'invalid_input'].includes(codeOf(request.error) ?? '') ? (
          <State
            icon={<Inbox />}
            title={words.requests.goneTitle}
            text={words.requests.goneText}
            action={<Button onClick={gone}>{words.requests.title}</Button>}
          />
        ) : (
          <State
            alert
            icon={<Inbox />}
            title={words.requests.errorOne}
            text={wordsFor(request.error)}
            action={<Button onClick={request.reload}>{words.retry}</Button>}
          />
        ))}
    </Page>
  );
}
