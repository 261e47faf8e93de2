import { wordsFor } from '../../state/errors.ts';
import { call, people } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { note } from '../../ui/notes.ts';
import { Row } from '../../ui/Row.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Settings.module.css';

export function Blocks() {
  const list = useLoad('blocks', signal => call('GET /v1/me/blocks', { signal }));
  if (list.state === 'loading') return <Skeleton kind="row" rows={1} />;
  if (list.state === 'failed')
    return <Failed text={`${words.settings.sessionsError} ${wordsFor(list.error)}`} onRetry={list.reload} />;
  if (list.value.people.length === 0) return <p className={styles.muted}>{words.settings.noBlocks}</p>;
  return (
    <ul>
      {list.value.people.map(person => (
        <li key={person.id} className={styles.session}>
          <Row
            lead={<Face id={person.id} name={person.name} picture={person.picture?.small} size={44} />}
            title={person.name}
            text={`@${person.handle}`}
          />
          <Button
            size="s"
            aria-label={`${words.profile.unblock}: ${person.name}`}
            onClick={() =>
              attempt(
                people.unblock(person.id).then(() => {
                  note(words.profile.unblocked(person.name));
                  list.reload();
                }),
              )
            }
          >
            {words.profile.unblock}
          </Button>
        </li>
      ))}
    </ul>
  );
}
