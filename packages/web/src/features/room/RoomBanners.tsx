import type { RoomSnapshot } from '@sotto/protocol';
import Hand from 'lucide-react/icons/hand';
import Headphones from 'lucide-react/icons/headphones';
import MicOff from 'lucide-react/icons/mic-off';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Sparkle from 'lucide-react/icons/sparkle';
import VolumeX from 'lucide-react/icons/volume-x';
import WifiOff from 'lucide-react/icons/wifi-off';
import { useLocation } from 'wouter';
import { microphoneProblem } from '../../state/microphone.ts';
import { paths } from '../../state/route.ts';
import { audio, connection } from '../../state/sotto.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { Banner, type BannerAction } from './Banner.tsx';
import { attempt, useRoomActions } from './useRoomActions.ts';

/** What needs attention, most pressing first: the line, the sound, the microphone, an invitation. */
export function RoomBanners({ room }: { room: RoomSnapshot }) {
  const line = useReadable(connection);
  const sound = useReadable(audio);
  const [, navigate] = useLocation();
  const actions = useRoomActions(room);
  const { invitation, offeredModeration } = room.you;
  const check = { label: words.room.micCheck, onPress: () => navigate(paths.settings) };
  const again = { label: words.retry, main: true, onPress: () => attempt(audio.unmute()) };
  const microphone = sound.microphone.state;
  const problem = microphoneProblem(sound.microphone, isSecureContext);
  const wayOut: Partial<Record<typeof microphone, BannerAction[]>> = {
    denied: [again],
    missing: isSecureContext ? [check, again] : [],
    silent: [check],
  };
  return (
    <>
      {line.state !== 'open' && <Banner tone="quiet" icon={<WifiOff />} title={words.room.reconnecting} />}
      {line.state === 'open' && sound.connection.state === 'reconnecting' && (
        <Banner
          tone="quiet"
          icon={<RotateCw />}
          title={words.room.audioLostTitle}
          text={words.room.audioLostText}
        />
      )}
      {line.state === 'open' && sound.connection.state === 'connecting' && (
        <Banner tone="quiet" icon={<Headphones />} title={words.room.audioConnecting} />
      )}
      {sound.connection.state === 'blocked' && (
        <Banner
          tone="voice"
          icon={<VolumeX />}
          title={words.room.unlockTitle}
          actions={[{ label: words.room.unlockAction, main: true, onPress: () => attempt(audio.unlock()) }]}
        />
      )}
      {sound.connection.state === 'failed' && (
        <Banner
          tone="danger"
          icon={<Headphones />}
          title={words.room.audioFailedTitle}
          text={words.room.audioFailedText}
          actions={[{ label: words.retry, main: true, onPress: () => audio.retry() }]}
        />
      )}
      {actions.onStage && problem && !(microphone === 'silent' && room.you.muted) && (
        <Banner tone="danger" icon={<MicOff />} {...problem} actions={wayOut[microphone] ?? []} />
      )}
      {invitation && (
        <Banner
          tone="voice"
          icon={<Hand />}
          title={words.room.invitation(invitation.by.name)}
          text={words.room.invitationText}
          actions={[
            { label: words.room.decline, onPress: actions.decline },
            { label: words.room.accept, main: true, onPress: actions.accept },
          ]}
        />
      )}
      {offeredModeration && (
        <Banner
          tone="voice"
          icon={<Sparkle />}
          title={words.room.offered}
          text={words.room.offeredText}
          actions={[{ label: words.room.offeredAccept, main: true, onPress: actions.takeRoom }]}
        />
      )}
    </>
  );
}
