import type { RoomId } from '@sotto/protocol';
import type { BusMessage } from '../../platform/bus/index.ts';
import type { Context } from './context.ts';
import { recheckAudio } from './sweep.ts';

/** Frames of what may have changed who is heard. */
const telling: ReadonlySet<string> = new Set(['room', 'roomYou', 'roomOut']);

/**
 * A room was changed by way of another node: the audio that this node has of it follows (RT-9). One look at a time for
 * each room, and one more after it for what came meanwhile.
 * @returns what hears the other nodes
 */
export function spreadWord(
  context: Context,
  run: (work: () => Promise<void>) => Promise<void>,
): (message: BusMessage) => void {
  /** True: look once more. */
  const looking = new Map<RoomId, boolean>();

  async function look(room: RoomId): Promise<void> {
    do {
      looking.set(room, false);
      await run(() => recheckAudio(context, room));
    } while (looking.get(room));
    looking.delete(room);
  }

  return message => {
    if (message.kind !== 'frame' || !telling.has(message.frame.type) || !('room' in message.frame)) return;
    const { room } = message.frame;
    if (typeof room !== 'string' || !context.audio.participants().some(each => each.room === room)) return;
    if (looking.has(room)) looking.set(room, true);
    else void look(room);
  };
}
