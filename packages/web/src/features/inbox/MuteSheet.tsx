import { inbox } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './MuteSheet.module.css';

const CHOICES = [
  ['1h', words.place.mute1h],
  ['8h', words.place.mute8h],
  ['always', words.place.muteAlways],
] as const;

/** For how long a conversation is to be quiet. */
export function MuteSheet({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  return (
    <Sheet title={words.place.muteTitle} onClose={onClose}>
      <div className={styles.choices}>
        <p>{words.place.muteText}</p>
        {CHOICES.map(([mute, label]) => (
          <Button
            key={mute}
            wide
            size="l"
            onClick={() => {
              attempt(inbox.setPlace(conversation, { mute }));
              onClose();
            }}
          >
            {label}
          </Button>
        ))}
      </div>
    </Sheet>
  );
}
