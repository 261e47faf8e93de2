import { AUDIO_SLOTS } from '@sotto/protocol';
import { csrcOf, type MediaNode } from '@sotto/sfu';
import type { Platform } from '../../platform/platform.ts';
import type { AudioPort } from '../rooms/index.ts';
import { refusalOf } from './errors.ts';
import { tellEvents } from './events.ts';
import { gaugeNode } from './metrics.ts';
import { watchSessions } from './sessions.ts';

export { withoutMedia } from './none.ts';

/** Puts the rooms' decisions into the audio plane, and what happens there into frames. */
export function createMedia(platform: Platform, node: MediaNode): AudioPort {
  const sessions = watchSessions(node);
  tellEvents(platform, node);
  gaugeNode(platform.metrics, node);
  return {
    async connect({ room, account, offer, onStage, maySpeak }) {
      try {
        const joined = await node.join({ roomId: room, participantId: account, offer, onStage, maySpeak });
        return { session: joined.sessionId, answer: joined.answer };
      } catch (error) {
        throw refusalOf(error);
      }
    },
    permit: (room, account, rights) => node.permit(room, account, rights),
    closePerson: (room, account, reason) => node.closeParticipant(room, account, reason),
    closeRoom: (room, reason) => node.closeRoom(room, reason),
    snapshot(room) {
      const { slots, speaking } = node.snapshot(room);
      return {
        slots: Array.from(
          { length: Math.max(AUDIO_SLOTS, slots.length) },
          (_, index) => slots[index] ?? null,
        ),
        speaking: speaking.map(({ participantId, level }) => ({ account: participantId, level })),
      };
    },
    csrcOf,
    participants: () => sessions.all(),
  };
}
