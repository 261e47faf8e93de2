import { startTransition, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isPage, PANES, paneOf, paths, type Screen } from '../../state/route.ts';
import { rooms } from '../../state/sotto.ts';
import { cx } from '../../ui/cx.ts';
import { Panes } from '../../ui/Panes.tsx';
import { whenQuiet } from '../../ui/quiet.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { MiniBar } from '../room/MiniBar.tsx';
import { ScreenView } from './ScreenView.tsx';
import styles from './Shell.module.css';

const PATHS = [paths.inbox, paths.hallway, paths.you];
const LABELS = [words.nav.backchannel, words.nav.hallway, words.nav.you];

/** Three panes that follow the finger; pages lie over them, and the room over all. */
export function Phone({ screen }: { screen: Screen }) {
  const [, navigate] = useLocation();
  const room = useReadable(rooms.room);
  const last = useRef(1);
  const pane = paneOf(screen, last.current);
  last.current = pane;
  const page = isPage(screen);
  const roomOpen = screen.name === 'room';
  const bar = room.state === 'in' && !roomOpen;
  const isDrawn = useDrawn(page || roomOpen ? null : pane);
  return (
    <div className={cx(styles.phone, bar && styles.withBar)}>
      <div className={styles.layer} inert={page || roomOpen}>
        <Panes
          current={pane}
          onSettle={index => navigate(PATHS[index] ?? paths.hallway, { replace: index === 1 })}
          panes={PANES.map((name, index) => ({
            key: name,
            label: LABELS[index] ?? '',
            content: isDrawn(index) && <ScreenView screen={{ name }} wide={false} />,
          }))}
        />
      </div>
      {page && (
        <main key={JSON.stringify(screen)} className={cx(styles.layer, styles.page)}>
          <ScreenView screen={screen} wide={false} />
        </main>
      )}
      {roomOpen && (
        <main className={cx(styles.layer, styles.roomLayer)}>
          <ScreenView screen={screen} wide={false} />
        </main>
      )}
      {bar && (
        <div className={styles.mini}>
          <MiniBar room={room.snapshot} />
        </div>
      )}
    </div>
  );
}

/** Panes that nobody has seen yet are drawn when all that is seen has come. @param seen null where a page lies over them */
function useDrawn(seen: number | null): (pane: number) => boolean {
  const [all, setAll] = useState(false);
  const drawn = useRef(new Set<number>());
  if (seen !== null) drawn.current.add(seen);
  useEffect(() => whenQuiet(() => startTransition(() => setAll(true))), []);
  return pane => all || drawn.current.has(pane);
}
