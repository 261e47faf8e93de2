import type { RoomSnapshot } from '@sotto/protocol';
import type { TalkView } from '@sotto/sdk';
import DoorOpen from 'lucide-react/icons/door-open';
import Hand from 'lucide-react/icons/hand';
import ListOrdered from 'lucide-react/icons/list-ordered';
import Plus from 'lucide-react/icons/plus';
import Send from 'lucide-react/icons/send';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { closeTalk, openedTalk, openTalk } from '../talk/opened.ts';
import { TalkHint } from '../talk/TalkHint.tsx';
import { useUnread } from '../talk/useTalk.ts';
import { MicButton } from './MicButton.tsx';
import type { RoomSheet } from './RoomSheets.tsx';
import styles from './RoomView.module.css';
import { useRoomActions } from './useRoomActions.ts';

/** Leave, call someone in, the Backchannel, and one's voice or hand. */
export function Dock({
  room,
  talk,
  onSheet,
}: {
  room: RoomSnapshot;
  talk: TalkView;
  onSheet: (sheet: RoomSheet) => void;
}) {
  const actions = useRoomActions(room);
  const unread = useUnread(talk);
  const { open } = useReadable(openedTalk);
  const { hand, role, mayRaiseHand } = room.you;
  return (
    <footer className={styles.dock}>
      {!open && !hand && <TalkHint room={talk.room} stage={actions.onStage ? talk.stage : null} />}
      {hand && (
        <button type="button" className={styles.note} onClick={() => onSheet({ name: 'hand' })}>
          {words.inRoom.hand(hand.place)}
        </button>
      )}
      <Button tone="danger" icon={<DoorOpen />} onClick={actions.leave}>
        {words.inRoom.leave}
      </Button>
      <span className={styles.grow} />
      {role === 'moderator' ? (
        <RoundButton
          label={`${words.inRoom.hands}: ${words.inRoom.handsCount(room.handCount)}`}
          icon={<ListOrdered />}
          count={room.handCount}
          onClick={() => onSheet({ name: 'hands' })}
        />
      ) : (
        <RoundButton label={words.inRoom.ping} icon={<Plus />} onClick={() => onSheet({ name: 'ping' })} />
      )}
      {actions.onStage ? (
        <MicButton muted={room.you.muted} onPress={actions.toggleMute} />
      ) : (
        <RoundButton
          tone={hand ? 'voice' : 'quiet'}
          label={hand ? words.inRoom.lower : words.inRoom.raise}
          aria-pressed={hand !== null}
          disabled={!hand && !mayRaiseHand && room.info.hands === 'off'}
          icon={<Hand />}
          onClick={actions.toggleHand}
        />
      )}
      <RoundButton
        tone="whisper"
        label={open ? words.talk.close : words.talk.openUnread(unread.direct, unread.room)}
        aria-expanded={open}
        icon={<Send />}
        count={unread.direct || unread.room}
        onClick={() => (open ? closeTalk() : openTalk())}
      />
    </footer>
  );
}
