import type { OutputOf } from '@sotto/sdk';
import UserRound from 'lucide-react/icons/user-round';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import styles from '../people/People.module.css';
import { PersonRow } from '../people/People.tsx';
import { attempt } from '../room/useRoomActions.ts';

type PageOfPeople = OutputOf<'GET /v1/people/:account/followers'>;

interface FollowsSheetProps {
  account: string;
  kind: 'followers' | 'following';
  onClose: () => void;
}

export function FollowsSheet({ account, kind, onClose }: FollowsSheetProps) {
  const [further, setFurther] = useState<PageOfPeople>();
  const load = (query: { after?: string }): Promise<PageOfPeople> =>
    kind === 'followers'
      ? call('GET /v1/people/:account/followers', { params: { account }, query })
      : call('GET /v1/people/:account/following', { params: { account }, query });
  const first = useLoad(`${account}:${kind}`, () => load({}));
  const page = further ?? (first.state === 'ready' ? first.value : null);
  const more = async (after: string) => {
    const next = await load({ after });
    setFurther({ people: [...(page?.people ?? []), ...next.people], next: next.next });
  };
  return (
    <Sheet
      title={kind === 'followers' ? words.profile.followersTitle : words.profile.followingTitle}
      onClose={onClose}
    >
      {first.state === 'loading' && <Skeleton kind="row" rows={4} />}
      {first.state === 'failed' && (
        <State
          alert
          title={words.people.errorTitle}
          text={wordsFor(first.error)}
          action={<Button onClick={first.reload}>{words.retry}</Button>}
        />
      )}
      {page?.people.length === 0 && <State icon={<UserRound />} title={words.profile.nobodyFollows} />}
      {page && (
        <ul className={styles.list}>
          {page.people.map(person => (
            <li key={person.id}>
              <PersonRow person={person} />
            </li>
          ))}
        </ul>
      )}
      {page?.next && (
        <Button wide onClick={() => page.next && attempt(more(page.next))}>
          {words.room.seeMore}
        </Button>
      )}
    </Sheet>
  );
}
