import type { RoomSnapshot, ServerFrame } from '@sotto/protocol';

/** What a client knows of a room from its snapshot and the frames since, and nothing else. */
export interface Mirror {
  snapshot: RoomSnapshot;
  /** Null once one is out. */
  hear(frame: ServerFrame): Mirror | null;
}

/** @throws Error where a version was skipped: the server must not leave gaps. */
export function mirror(snapshot: RoomSnapshot): Mirror {
  const room = snapshot.info.id;
  const same = (): Mirror => mirror(snapshot);
  return {
    snapshot,
    hear(frame) {
      if (!('room' in frame) || frame.room !== room) return same();
      switch (frame.type) {
        case 'room': {
          if (frame.version <= snapshot.version) return same();
          if (frame.version > snapshot.version + 1)
            throw new Error(`version ${frame.version} after ${snapshot.version}`);
          const { version, info, stage, handCount } = frame;
          return mirror({
            ...snapshot,
            version,
            info: info ?? snapshot.info,
            stage: stage ?? snapshot.stage,
            handCount: handCount ?? snapshot.handCount,
          });
        }
        case 'roomHands':
          return mirror({ ...snapshot, hands: frame.hands });
        case 'roomYou':
          return mirror({ ...snapshot, you: frame.you });
        case 'roomAudience':
          return mirror({ ...snapshot, audience: frame.audience });
        case 'roomOut':
          return frame.reason === 'moved' && frame.device === snapshot.you.device ? same() : null;
        default:
          return same();
      }
    },
  };
}
