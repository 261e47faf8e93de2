import type { RoomSnapshot } from '@sotto/protocol';
import ChevronDown from 'lucide-react/icons/chevron-down';
import Link2 from 'lucide-react/icons/link';
import Lock from 'lucide-react/icons/lock';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { titleOf } from '../../state/hallway.ts';
import { personIn } from '../../state/room.ts';
import { paths } from '../../state/route.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { lateScreen } from '../../ui/late.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { openedTalk, openTalk, startTalk } from '../talk/opened.ts';
import { useSwipe } from '../talk/useSwipe.ts';
import { useTalk } from '../talk/useTalk.ts';
import { Dock } from './Dock.tsx';
import { levelOf } from './levels.ts';
import { RoomBanners } from './RoomBanners.tsx';
import { RoomMenu } from './RoomMenu.tsx';
import { type RoomSheet, RoomSheets } from './RoomSheets.tsx';
import styles from './RoomView.module.css';
import { Stage } from './Stage.tsx';
import { canShare } from './share.ts';

const TalkPanel = lateScreen(() => import('../talk/TalkPanel.tsx').then(module => module.TalkPanel));

/** Pixels a finger pulls the room down before it shrinks to a bar. */
const PULL = 110;

interface RoomViewProps {
  room: RoomSnapshot;
  wide: boolean;
}

/** A live room one is in. */
export function RoomView({ room, wide }: RoomViewProps) {
  const [, navigate] = useLocation();
  const me = useMe();
  const [sheet, setSheet] = useState<RoomSheet | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const shrink = () => navigate(paths.hallway);
  const pull = usePullDown(shrink);
  const talk = useTalk(room.info.id);
  const { open: talkOpen } = useReadable(openedTalk);
  const swipe = useSwipe({ left: () => openTalk() });
  const covered = talkOpen && !wide;
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => startTalk(room.info.id), [room.info.id]);
  const title = titleOf({ title: room.info.title, stage: room.stage.map(member => member.person) });
  const target = sheet?.name === 'person' ? personIn(room, sheet.account, sheet.person) : null;
  // Whoever a sheet is about may leave while it is open.
  useEffect(() => {
    if (sheet?.name === 'person' && !target) setSheet(null);
  }, [sheet, target]);
  return (
    <div className={styles.room} {...(wide ? {} : { ref: pull.box })}>
      <header className={styles.top} inert={covered} {...(wide ? {} : pull.handlers)}>
        <RoundButton tone="bare" label={words.room.minimise} icon={<ChevronDown />} onClick={shrink} />
        {room.info.visibility === 'private' && (
          <span className={styles.private}>
            <Lock aria-hidden="true" />
            {words.hallway.privateRoom}
          </span>
        )}
        {room.info.topics.length > 0 && (
          <span className={styles.private}>{room.info.topics.join(' · ')}</span>
        )}
        <span className={styles.grow} />
        {canShare(room) && (
          <RoundButton
            tone="bare"
            label={words.room.share}
            icon={<Link2 />}
            onClick={() => setSheet({ name: 'share' })}
          />
        )}
        <RoomMenu room={room} title={title} onSheet={setSheet} />
      </header>
      <div className={styles.scroll} inert={covered} {...(wide ? {} : swipe)}>
        <h1 ref={heading} tabIndex={-1} className={styles.title} dir="auto">
          {title}
        </h1>
        <div className={styles.banners}>
          <RoomBanners room={room} />
        </div>
        <Stage
          room={room}
          levelOf={levelOf}
          onPerson={account =>
            account === me.id ? navigate(paths.you) : setSheet({ name: 'person', account })
          }
          onEveryone={() => setSheet({ name: 'everyone' })}
        />
      </div>
      <div inert={covered}>
        <Dock room={room} talk={talk} onSheet={setSheet} />
      </div>
      {covered && <TalkPanel room={room} wide={false} />}
      <RoomSheets room={room} title={title} sheet={sheet} target={target} onSheet={setSheet} />
    </div>
  );
}

/** The head follows the finger down; far enough, the room becomes a bar. */
function usePullDown(onPulled: () => void) {
  const box = useRef<HTMLDivElement>(null);
  const from = useRef<number>(undefined);
  const far = (event: PointerEvent) => Math.max(0, event.clientY - (from.current ?? event.clientY));
  const rest = () => {
    from.current = undefined;
    box.current?.style.removeProperty('translate');
    if (box.current) delete box.current.dataset.pulled;
  };
  return {
    box,
    handlers: {
      onPointerDown(event: PointerEvent) {
        if (event.pointerType === 'mouse' || (event.target as Element).closest('button')) return;
        from.current = event.clientY;
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event: PointerEvent) {
        if (from.current === undefined || !box.current) return;
        box.current.dataset.pulled = '';
        box.current.style.setProperty('translate', `0 ${far(event)}px`);
      },
      onPointerUp(event: PointerEvent) {
        const enough = far(event) > PULL;
        rest();
        if (enough) onPulled();
      },
      onPointerCancel: rest,
    },
  };
}
