import type { RoomSnapshot } from '@sotto/protocol';
import { paths } from '../../state/route.ts';
import { copyText } from '../../ui/copy.ts';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';

/** The link of a room. A private one's carries its key, which only moderators have. */
export function linkOf(room: RoomSnapshot): string {
  const url = new URL(paths.room(room.info.id), location.origin);
  if (room.you.key) url.searchParams.set('key', room.you.key);
  return url.href;
}

export function canShare(room: RoomSnapshot): boolean {
  return room.info.visibility === 'open' || room.you.key !== null;
}

/** The device's own share sheet on a phone, else the clipboard; where neither works, the link is shown. */
export function shareRoom(room: RoomSnapshot, title: string, showLink: () => void): void {
  const url = linkOf(room);
  const finger = matchMedia('(pointer: coarse)').matches;
  if (finger && navigator.share) {
    navigator.share({ title, url }).catch((error: DOMException) => {
      if (error.name !== 'AbortError') showLink();
    });
    return;
  }
  void copyText(url).then(copied => (copied ? note(words.room.shared) : showLink()));
}
