import type { RoomSnapshot } from '@sotto/protocol';
import { useMemo } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { audio, call, rooms } from '../../state/sotto.ts';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import { buzz } from '../shell/signals.ts';

/** Runs what a button asks for, and says in a note what stood in the way. */
export function attempt(work: Promise<unknown>): void {
  work.catch(error => note(wordsFor(error), { tone: 'danger' }));
}

/** When one last muted oneself here: another silence is a moderator's doing. */
let ownMuteAt = 0;
const OWN_MUTE_ECHO = 5000;

export const mutedOneself = (): boolean => Date.now() - ownMuteAt < OWN_MUTE_ECHO;

/** Mutes or unmutes oneself. False: there is no microphone to be heard with; its state says why. @throws SottoError */
export async function changeMute(muted: boolean): Promise<boolean> {
  buzz();
  if (!muted) return audio.unmute();
  ownMuteAt = Date.now();
  await audio.mute();
  return true;
}

export const setMuted = (muted: boolean): void => attempt(changeMute(muted));

/** What one does in a room for oneself. */
export function useRoomActions(room: RoomSnapshot) {
  const { id } = room.info;
  const { role, hand, muted, mayRaiseHand } = room.you;
  const { hands } = room.info;
  return useMemo(() => {
    const params = { params: { room: id } };
    const onStage = role !== 'listener';
    return {
      onStage,
      toggleMute() {
        if (onStage) setMuted(!muted);
      },
      toggleHand() {
        if (onStage) return;
        if (hand) return attempt(call('DELETE /v1/rooms/:room/hand', params));
        if (!mayRaiseHand) {
          note(hands === 'off' ? words.inRoom.handsOff : words.inRoom.handsFollowed);
          return;
        }
        buzz();
        attempt(call('PUT /v1/rooms/:room/hand', { ...params, body: { line: '' } }));
      },
      leave: () => attempt(rooms.leave()),
      stepDown: () => attempt(call('POST /v1/rooms/:room/step-down', params)),
      accept() {
        attempt(call('POST /v1/rooms/:room/invitation/accept', params).then(() => audio.prepare()));
      },
      decline: () => attempt(call('POST /v1/rooms/:room/invitation/decline', params)),
      takeRoom: () => attempt(call('POST /v1/rooms/:room/moderation/accept', params)),
    };
  }, [id, role, hand, muted, mayRaiseHand, hands]);
}
