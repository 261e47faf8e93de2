import type { RoomSnapshot } from '@sotto/protocol';

/** What the lock screen shows of the room, and what its buttons do. */
export interface MediaSessionControls {
  leave: () => void;
  toggleMicrophone: () => void;
}

export function showInMediaSession(snapshot: RoomSnapshot | null, controls: MediaSessionControls): void {
  if (typeof navigator === 'undefined' || !('mediaSession' in navigator)) return;
  const { mediaSession } = navigator;
  if (!snapshot) {
    mediaSession.metadata = null;
    mediaSession.playbackState = 'none';
  } else {
    const names = snapshot.stage.slice(0, 4).map(member => member.person.name);
    const artwork = snapshot.stage.flatMap(({ person }) =>
      person.picture ? [{ src: person.picture.large, sizes: '384x384', type: 'image/webp' }] : [],
    );
    mediaSession.metadata = new MediaMetadata({
      title: snapshot.info.title || names.join(', '),
      artist: snapshot.info.title ? names.join(', ') : '',
      artwork: artwork.slice(0, 1),
    });
    mediaSession.playbackState = 'playing';
  }
  const handle = (action: string, run: (() => void) | null) => {
    try {
      mediaSession.setActionHandler(action as MediaSessionAction, run);
    } catch {
      // Not every browser knows every action.
    }
  };
  handle('stop', snapshot && controls.leave);
  handle('hangup', snapshot && controls.leave);
  handle('togglemicrophone', snapshot && controls.toggleMicrophone);
  // A pause button would stop the sound and leave the room on: there is nothing to pause in a live room.
  handle('pause', snapshot && (() => {}));
  handle('play', snapshot && (() => {}));
}
