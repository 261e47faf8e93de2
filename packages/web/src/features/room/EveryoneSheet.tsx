import type { Listener, Person, RoomSnapshot } from '@sotto/protocol';
import { type ReactNode, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import styles from './HandsSheet.module.css';
import { attempt } from './useRoomActions.ts';

interface EveryoneSheetProps {
  room: RoomSnapshot;
  onPerson: (person: Person) => void;
  onClose: () => void;
}

/** All listeners, page by page; for moderators also who left and who was removed (RO-2). */
export function EveryoneSheet({ room, onPerson, onClose }: EveryoneSheetProps) {
  const params = { room: room.info.id };
  const moderates = room.you.role === 'moderator';
  const [further, setFurther] = useState<{ listeners: Listener[]; next: string | null }>();
  const first = useLoad(room.info.id, signal => call('GET /v1/rooms/:room/audience', { params, signal }));
  const away = useLoad(`${room.info.id}${moderates}`, async signal =>
    moderates ? call('GET /v1/rooms/:room/kept-out', { params, signal }) : { keptOut: [], left: [] },
  );
  const page = further ?? (first.state === 'ready' ? first.value : null);
  const more = async (after: string) => {
    const next = await call('GET /v1/rooms/:room/audience', { params, query: { after } });
    setFurther({ listeners: [...(page?.listeners ?? []), ...next.listeners], next: next.next });
  };
  const act = (work: Promise<unknown>) => attempt(work.then(away.reload));
  const someone = (person: Person) => ({ params: { ...params, account: person.id } });
  return (
    <Sheet title={words.room.everyoneTitle} onClose={onClose}>
      {first.state === 'loading' && <Skeleton kind="row" rows={4} />}
      {first.state === 'failed' && (
        <State
          alert
          title={words.errorUnknown}
          text={wordsFor(first.error)}
          action={<Button onClick={first.reload}>{words.retry}</Button>}
        />
      )}
      {page && (
        <ul className={styles.queue}>
          {page.listeners.map(person => (
            <PersonLine key={person.id} person={person} onPress={() => onPerson(person)} />
          ))}
        </ul>
      )}
      {page?.listeners.length === 0 && <p>{words.room.nobodyListening}</p>}
      {page?.next && (
        <Button wide onClick={() => page.next && attempt(more(page.next))}>
          {words.room.seeMore}
        </Button>
      )}
      {away.state === 'ready' && away.value.left.length > 0 && (
        <section className={styles.mode}>
          <h3>{words.room.leftTitle}</h3>
          <ul className={styles.queue}>
            {away.value.left.map(person => (
              <PersonLine key={person.id} person={person}>
                <Button
                  size="s"
                  tone="danger"
                  aria-label={`${words.room.keepOut}: ${person.name}`}
                  onClick={() => act(call('PUT /v1/rooms/:room/kept-out/:account', someone(person)))}
                >
                  {words.room.keepOut}
                </Button>
              </PersonLine>
            ))}
          </ul>
        </section>
      )}
      {away.state === 'ready' && away.value.keptOut.length > 0 && (
        <section className={styles.mode}>
          <h3>{words.room.keptOutTitle}</h3>
          <ul className={styles.queue}>
            {away.value.keptOut.map(person => (
              <PersonLine key={person.id} person={person}>
                <Button
                  size="s"
                  aria-label={`${words.room.letBackIn}: ${person.name}`}
                  onClick={() => act(call('DELETE /v1/rooms/:room/kept-out/:account', someone(person)))}
                >
                  {words.room.letBackIn}
                </Button>
              </PersonLine>
            ))}
          </ul>
        </section>
      )}
    </Sheet>
  );
}

function PersonLine({
  person,
  onPress,
  children,
}: {
  person: Person;
  onPress?: () => void;
  children?: ReactNode;
}) {
  return (
    <li>
      <Row
        lead={<Face id={person.id} name={person.name} picture={person.picture?.small} size={46} />}
        title={person.name}
        text={`@${person.handle}`}
        {...(onPress ? { onPress } : {})}
      />
      {children}
    </li>
  );
}
