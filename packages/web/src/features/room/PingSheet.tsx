import type { RoomSnapshot } from '@sotto/protocol';
import UserPlus from 'lucide-react/icons/user-plus';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { note } from '../../ui/notes.ts';
import { Row } from '../../ui/Row.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import styles from './HandsSheet.module.css';
import { attempt } from './useRoomActions.ts';

/** Call people who follow you into the room (RO-10). */
export function PingSheet({ room, onClose }: { room: RoomSnapshot; onClose: () => void }) {
  const me = useMe();
  const [called, setCalled] = useState<ReadonlySet<string>>(new Set());
  const followers = useLoad(me.id, signal =>
    call('GET /v1/people/:account/followers', { params: { account: me.id }, query: { limit: 100 }, signal }),
  );
  const callIn = (account: string, name: string) =>
    attempt(
      call('PUT /v1/rooms/:room/pings/:account', { params: { room: room.info.id, account } }).then(() => {
        setCalled(now => new Set(now).add(account));
        note(words.room.pinged(name));
      }),
    );
  return (
    <Sheet title={words.room.ping} onClose={onClose}>
      {followers.state === 'loading' && <Skeleton kind="row" rows={4} />}
      {followers.state === 'failed' && (
        <State
          alert
          title={words.errorUnknown}
          text={wordsFor(followers.error)}
          action={<Button onClick={followers.reload}>{words.retry}</Button>}
        />
      )}
      {followers.state === 'ready' && followers.value.people.length === 0 && (
        <State icon={<UserPlus />} title={words.profile.nobodyFollows} text={words.room.pingText} />
      )}
      {followers.state === 'ready' && (
        <ul className={styles.queue}>
          {followers.value.people.map(person => (
            <li key={person.id}>
              <Row
                lead={<Face id={person.id} name={person.name} picture={person.picture?.small} size={46} />}
                title={person.name}
                text={`@${person.handle}`}
              />
              <Button
                size="s"
                tone="voice"
                disabled={called.has(person.id)}
                aria-label={`${words.room.ping}: ${person.name}`}
                onClick={() => callIn(person.id, person.name)}
              >
                {called.has(person.id) ? words.room.invited : words.room.callIn}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  );
}
