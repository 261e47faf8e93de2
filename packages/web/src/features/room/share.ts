import type { RoomSnapshot } from '@sotto/protocol';
import { paths } from '../../state/route.ts';

/** The link of a room. A private one's carries its key, which only moderators have. */
export function linkOf(room: RoomSnapshot): string {
  const url = new URL(paths.room(room.info.id), location.origin);
  if (room.you.key) url.searchParams.set('key', room.you.key);
  return url.href;
}

export function canShare(room: RoomSnapshot): boolean {
  return room.info.visibility === 'open' || room.you.key !== null;
}
