import { AUDIO_SLOTS } from '@sotto/protocol';
import { csrcOf } from '@sotto/sfu';
import { refuse } from '../../platform/refusal.ts';
import type { AudioPort } from '../rooms/index.ts';

/** The audio of a node that has none: nobody is connected here, so there is nobody to permit or to close. */
export function withoutMedia(): AudioPort {
  return {
    connect: async () => {
      throw refuse('audio_full');
    },
    permit: () => {},
    closePerson: () => {},
    closeRoom: () => {},
    snapshot: () => ({ slots: Array.from({ length: AUDIO_SLOTS }, () => null), speaking: [] }),
    csrcOf,
    participants: () => [],
  };
}
