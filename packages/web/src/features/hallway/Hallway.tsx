import DoorOpen from 'lucide-react/icons/door-open';
import Plus from 'lucide-react/icons/plus';
import Send from 'lucide-react/icons/send';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { hallway, inbox, rooms } from '../../state/sotto.ts';
import { Button, RoundLink } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useEnterRoom } from '../room/useEnterRoom.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import { openSheet } from '../shell/sheets.ts';
import styles from './Hallway.module.css';
import { RoomCardView } from './RoomCardView.tsx';

/** The list of live rooms, which keeps itself up to date while it is on screen. */
export function Hallway({ wide }: { wide: boolean }) {
  useEffect(() => hallway.watch(), []);
  const view = useReadable(hallway);
  const room = useReadable(rooms.room);
  const enter = useEnterRoom();
  const inRoom = room.state === 'in' ? room.room : null;
  return (
    <div className={styles.hallway}>
      <HallwayPage wide={wide}>
        {view.rooms.length > 0 ? (
          <ul className={styles.list} aria-label={words.hallway.rooms}>
            {view.rooms.map(card => (
              <li key={card.id}>
                <RoomCardView card={card} here={card.id === inRoom} onEnter={() => enter(card.id)} />
              </li>
            ))}
          </ul>
        ) : view.state === 'loading' ? (
          <Skeleton kind="card" rows={3} />
        ) : view.state === 'failed' ? (
          <State
            alert
            icon={<DoorOpen />}
            title={words.hallway.errorTitle}
            text={wordsFor({ code: view.error, details: {} })}
            action={<Button onClick={() => void hallway.reload()}>{words.retry}</Button>}
          />
        ) : (
          <State
            icon={<DoorOpen />}
            title={words.hallway.emptyTitle}
            text={words.hallway.emptyText}
            action={
              wide && (
                <Button tone="voice" icon={<Plus />} onClick={() => openSheet('openRoom')}>
                  {words.hallway.open}
                </Button>
              )
            }
          />
        )}
      </HallwayPage>
      {!wide && (
        <div className={styles.cta}>
          <Button
            tone="voice"
            size="l"
            icon={<Plus />}
            className={styles.open}
            onClick={() => openSheet('openRoom')}
          >
            {words.hallway.open}
          </Button>
        </div>
      )}
    </div>
  );
}

function HallwayPage({ wide, children }: { wide: boolean; children: React.ReactNode }) {
  const me = useMe();
  const { unreadMessages } = useReadable(inbox);
  if (wide)
    return (
      <Page
        large
        title={words.hallway.title}
        actions={
          <Button tone="voice" icon={<Plus />} onClick={() => openSheet('openRoom')}>
            {words.hallway.openShort}
          </Button>
        }
      >
        {children}
      </Page>
    );
  return (
    <Page
      large
      title={words.hallway.title}
      className={styles.page}
      actions={
        <>
          <span className={styles.start}>
            <RoundLink
              href={paths.inbox}
              tone="whisper"
              label={words.nav.unread(unreadMessages)}
              icon={<Send />}
              count={unreadMessages}
            />
          </span>
          <Link href={paths.you} className={styles.me} aria-label={words.nav.you}>
            <Face id={me.id} name={me.name} picture={me.picture?.small} size={40} />
          </Link>
        </>
      }
    >
      {children}
    </Page>
  );
}
