import type { AccountId, Id, RoomId } from '@sotto/protocol';
import { refuse } from '../../platform/refusal.ts';
import { readRoom } from './access.ts';
import type { Context } from './context.ts';
import { checkInside } from './policy.ts';
import { inside } from './state.ts';
import * as store from './store.ts';
import { rightsOf } from './transitions.ts';

/** One round trip to hear and be heard, for the device that is in the room. */
export async function connectAudio(
  context: Context,
  viewer: AccountId,
  request: { room: RoomId; device: string; offer: string },
): Promise<{ session: Id; answer: string }> {
  const { db } = context.platform;
  const me = checkInside(await readRoom(db, request.room, viewer), viewer);
  if (me.device !== request.device) throw refuse('not_in_room');
  const joined = await context.audio.connect({ ...request, account: viewer, ...rightsOf(me) });
  // Whoever was muted, moved or removed while the answer was made is so now as well; the room is held, so that what is
  // read here does not undo what comes after it.
  return context.platform.transact(async ({ tx }) => {
    await store.holdRoom(tx, request.room, 'share');
    const now = await store.findMember(tx, request.room, viewer);
    if (inside(now) && now.device === request.device) {
      context.audio.permit(request.room, viewer, rightsOf(now));
      return joined;
    }
    context.audio.closePerson(request.room, viewer, inside(now) ? 'moved' : 'left');
    throw refuse('not_in_room');
  });
}
