import AudioLines from 'lucide-react/icons/audio-lines';
import DoorOpen from 'lucide-react/icons/door-open';
import House from 'lucide-react/icons/house';
import Keyboard from 'lucide-react/icons/keyboard';
import Search from 'lucide-react/icons/search';
import Send from 'lucide-react/icons/send';
import Settings from 'lucide-react/icons/settings';
import { useState } from 'react';
import { Link } from 'wouter';
import { columnsAfter, firstColumns, paths, type Screen } from '../../state/route.ts';
import { inbox, rooms } from '../../state/sotto.ts';
import { RoundButton, RoundLink } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Face } from '../../ui/Face.tsx';
import { lateScreen } from '../../ui/late.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { MiniBar } from '../room/MiniBar.tsx';
import { openedTalk } from '../talk/opened.ts';
import { useMe } from './me.ts';
import { ScreenView } from './ScreenView.tsx';
import styles from './Shell.module.css';
import { openSheet } from './sheets.ts';

const TalkPanel = lateScreen(() => import('../talk/TalkPanel.tsx').then(module => module.TalkPanel));

/** Hallway, room and Backchannel side by side. */
export function Laptop({ screen }: { screen: Screen }) {
  const room = useReadable(rooms.room);
  const { open: talkOpen } = useReadable(openedTalk);
  const [seen, setSeen] = useState(screen);
  const [columns, setColumns] = useState(() => columnsAfter(firstColumns, screen));
  if (seen !== screen) {
    setSeen(screen);
    setColumns(columnsAfter(columns, screen));
  }
  const { middle } = columns;
  const inRoom = room.state === 'in' ? room : null;
  // A room that one left on purpose needs no farewell of its own.
  const left = room.state === 'out' && room.last?.reason === 'left' ? room.last.room : null;
  const shown = middle?.name === 'room' && middle.id === left ? null : middle;
  return (
    <div className={styles.laptop}>
      <Rail screen={screen} />
      <section className={styles.column} aria-label={words.nav.hallway}>
        <ScreenView screen={{ name: 'hallway' }} wide />
      </section>
      <main className={cx(styles.column, styles.middle)}>
        {shown ? (
          <ScreenView key={shown.name === 'room' ? 'room' : JSON.stringify(shown)} screen={shown} wide />
        ) : (
          <div className={styles.quiet}>
            {inRoom ? (
              <State icon={<AudioLines />} title={words.inRoom.shrunk} text={words.inRoom.shrunkText} />
            ) : (
              <State
                icon={<DoorOpen />}
                title={words.inRoom.emptyColumn}
                text={words.inRoom.emptyColumnText}
              />
            )}
          </div>
        )}
        {inRoom && shown?.name !== 'room' && (
          <div className={styles.middleBar}>
            <MiniBar room={inRoom.snapshot} />
          </div>
        )}
      </main>
      <section className={styles.column} aria-label={words.nav.backchannel}>
        {inRoom && talkOpen && screen.name === 'room' ? (
          <TalkPanel key={inRoom.room} room={inRoom.snapshot} wide />
        ) : (
          <ScreenView screen={columns.side} wide />
        )}
      </section>
    </div>
  );
}

function Rail({ screen }: { screen: Screen }) {
  const me = useMe();
  const { unreadMessages } = useReadable(inbox);
  const at = (name: Screen['name']) => screen.name === name;
  return (
    <nav className={styles.rail} aria-label={words.nav.label}>
      <Link href={paths.hallway} className={styles.logo} aria-label={words.name}>
        <AudioLines />
      </Link>
      <RoundLink
        href={paths.hallway}
        label={words.nav.hallway}
        icon={<House />}
        current={at('hallway') || at('room')}
      />
      <RoundLink
        href={paths.inbox}
        label={words.nav.unread(unreadMessages)}
        icon={<Send />}
        count={unreadMessages}
        current={at('inbox') || at('conversation')}
      />
      <RoundLink href={paths.people} label={words.nav.search} icon={<Search />} current={at('people')} />
      <RoundLink
        href={paths.settings}
        label={words.nav.settings}
        icon={<Settings />}
        current={at('settings')}
      />
      <span className={styles.grow} />
      <RoundButton label={words.nav.keys} icon={<Keyboard />} onClick={() => openSheet('keys')} />
      <Link
        href={paths.you}
        className={styles.me}
        aria-label={words.nav.you}
        aria-current={at('you') ? 'page' : undefined}
      >
        <Face id={me.id} name={me.name} picture={me.picture?.small} size={40} />
      </Link>
    </nav>
  );
}
