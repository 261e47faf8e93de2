import Mic from 'lucide-react/icons/mic';
import MicOff from 'lucide-react/icons/mic-off';
import { audio } from '../../state/sotto.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './RoomView.module.css';

export function MicButton({ muted, onPress }: { muted: boolean; onPress: () => void }) {
  const { microphone } = useReadable(audio);
  return (
    <RoundButton
      tone={muted ? 'quiet' : 'voice'}
      className={muted ? undefined : styles.live}
      label={muted ? words.inRoom.unmute : words.inRoom.mute}
      aria-pressed={!muted}
      aria-busy={microphone.state === 'asking' || undefined}
      icon={muted ? <MicOff /> : <Mic />}
      onClick={onPress}
    />
  );
}
