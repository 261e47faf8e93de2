import Laptop from 'lucide-react/icons/laptop';
import Smartphone from 'lucide-react/icons/smartphone';
import { clientName, isPhone } from '../../state/client.ts';
import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { note } from '../../ui/notes.ts';
import { Row } from '../../ui/Row.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { longAgo } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Settings.module.css';

/** Where one is signed in, and ending that. */
export function Sessions() {
  const list = useLoad('sessions', signal => call('GET /v1/me/sessions', { signal }));
  if (list.state === 'loading') return <Skeleton kind="row" rows={2} />;
  if (list.state === 'failed')
    return <Failed text={`${words.settings.sessionsError} ${wordsFor(list.error)}`} onRetry={list.reload} />;
  const { sessions } = list.value;
  const end = (session: string) =>
    attempt(call('DELETE /v1/me/sessions/:session', { params: { session } }).then(list.reload));
  const endOthers = () =>
    attempt(
      call('DELETE /v1/me/sessions').then(({ ended }) => {
        note(words.settings.endedAll(ended));
        list.reload();
      }),
    );
  return (
    <>
      <ul>
        {sessions.map(session => (
          <li key={session.id} className={styles.session}>
            <Row
              lead={
                <span className={styles.device}>{isPhone(session.client) ? <Smartphone /> : <Laptop />}</span>
              }
              title={clientName(session.client) || words.settings.unknownClient}
              text={
                session.current
                  ? words.settings.thisDevice
                  : words.settings.lastSeen(longAgo(session.lastSeenAt))
              }
            />
            {!session.current && (
              <Button
                size="s"
                tone="danger"
                aria-label={`${words.settings.endSession}: ${clientName(session.client) || words.settings.unknownClient}`}
                onClick={() => end(session.id)}
              >
                {words.settings.endSession}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && <Button onClick={endOthers}>{words.settings.endAll}</Button>}
    </>
  );
}
