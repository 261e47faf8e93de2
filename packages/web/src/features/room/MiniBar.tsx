import type { RoomSnapshot } from '@sotto/protocol';
import DoorOpen from 'lucide-react/icons/door-open';
import Hand from 'lucide-react/icons/hand';
import { Link } from 'wouter';
import { titleOf } from '../../state/hallway.ts';
import { speakers } from '../../state/room.ts';
import { paths } from '../../state/route.ts';
import { rooms } from '../../state/sotto.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { shortName } from '../../ui/shortName.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { levelOf } from './levels.ts';
import { MicButton } from './MicButton.tsx';
import styles from './MiniBar.module.css';
import { useRoomActions } from './useRoomActions.ts';

/** The room as a bar at the bottom, while one looks around or writes; the sound goes on. */
export function MiniBar({ room }: { room: RoomSnapshot }) {
  const actions = useRoomActions(room);
  const speaking = useReadable(rooms.speaking);
  const title = titleOf({ title: room.info.title, stage: room.stage.map(member => member.person) });
  const now = speakers({ stage: room.stage, speaking: [...speaking] });
  const face = now[0] ?? room.stage[0]?.person;
  const count = words.number(room.stage.length + room.audience.count);
  const status = room.you.invitation
    ? words.inRoom.invitation(shortName(room.you.invitation.by.name))
    : now[0]
      ? words.inRoom.speaking([shortName(now[0].name)])
      : words.inRoom.quiet;
  return (
    <aside className={styles.bar} aria-label={title}>
      <Link
        href={paths.room(room.info.id)}
        className={styles.room}
        aria-label={`${words.inRoom.expand(title)} ${status} · ${count}`}
      >
        {face && (
          <Face
            id={face.id}
            name={face.name}
            picture={face.picture?.small}
            size={38}
            level={levelOf(face.id)}
          />
        )}
        <span>
          <b dir="auto">{title}</b>
          <small>
            {status} · {count}
          </small>
        </span>
      </Link>
      {actions.onStage ? (
        <MicButton muted={room.you.muted} onPress={actions.toggleMute} />
      ) : (
        <RoundButton
          tone={room.you.hand ? 'voice' : 'quiet'}
          label={room.you.hand ? words.inRoom.lower : words.inRoom.raise}
          aria-pressed={room.you.hand !== null}
          icon={<Hand />}
          onClick={actions.toggleHand}
        />
      )}
      <RoundButton
        tone="bare"
        className={styles.leave}
        label={words.inRoom.leave}
        icon={<DoorOpen />}
        onClick={actions.leave}
      />
    </aside>
  );
}
