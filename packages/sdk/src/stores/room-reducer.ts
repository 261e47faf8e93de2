import type { RoomSnapshot, ServerFrame } from '@sotto/protocol';

/** Frames that change what a screen of a room says. Who speaks, and slots, have stores of their own. */
export type RoomFrame = Extract<ServerFrame, { type: 'room' | 'roomHands' | 'roomYou' | 'roomAudience' }>;
type VersionFrame = Extract<ServerFrame, { type: 'room' }>;

/** A room as this client knows it: the snapshot, and how fresh its parts are (RO-15). */
export interface RoomView {
  readonly snapshot: RoomSnapshot;
  readonly handsVersion: number;
  readonly youVersion: number;
  /** How many frames about you came; tells whether one overtook a snapshot. */
  readonly youCount: number;
  readonly handsCount: number;
  /** Came ahead of one that is missing, ascending: wait a little, then take the snapshot again. */
  readonly early: readonly VersionFrame[];
}

export const viewRoom = (snapshot: RoomSnapshot): RoomView => ({
  snapshot,
  handsVersion: snapshot.version,
  youVersion: snapshot.version,
  youCount: 0,
  handsCount: 0,
  early: [],
});

export const roomHasGap = (view: RoomView): boolean => view.early.length > 0;

/** What an event makes of a room. Repeated and late ones change nothing; early ones wait. */
export function reduceRoom(view: RoomView, frame: RoomFrame): RoomView {
  switch (frame.type) {
    case 'room':
      return drain(view, [...view.early, frame]);
    case 'roomHands':
      if (frame.version < view.handsVersion) return view;
      return {
        ...view,
        handsVersion: frame.version,
        handsCount: view.handsCount + 1,
        snapshot: { ...view.snapshot, hands: frame.hands },
      };
    case 'roomYou':
      if (frame.version < view.youVersion) return view;
      return {
        ...view,
        youVersion: frame.version,
        youCount: view.youCount + 1,
        snapshot: { ...view.snapshot, you: frame.you },
      };
    case 'roomAudience':
      return { ...view, snapshot: { ...view.snapshot, audience: frame.audience } };
  }
}

function drain(view: RoomView, waiting: readonly VersionFrame[]): RoomView {
  const byVersion = new Map(waiting.map(frame => [frame.version, frame]));
  let snapshot = view.snapshot;
  for (let next = byVersion.get(snapshot.version + 1); next; next = byVersion.get(snapshot.version + 1)) {
    snapshot = {
      ...snapshot,
      version: next.version,
      info: next.info ?? snapshot.info,
      stage: next.stage ?? snapshot.stage,
      handCount: next.handCount ?? snapshot.handCount,
    };
  }
  const early = [...byVersion.values()]
    .filter(frame => frame.version > snapshot.version)
    .sort((a, b) => a.version - b.version);
  if (snapshot === view.snapshot && early.length === view.early.length) return view;
  return { ...view, snapshot, early };
}

/**
 * Takes a snapshot that was asked for while `asked` was the view. An older one is left; of parts that are equally
 * old, the one that an event brought meanwhile is kept.
 */
export function adoptSnapshot(view: RoomView, snapshot: RoomSnapshot, asked: RoomView): RoomView {
  if (snapshot.version < view.snapshot.version) return view;
  const keepYou =
    view.youVersion > snapshot.version ||
    (view.youVersion === snapshot.version && view.youCount !== asked.youCount);
  const keepHands =
    view.handsVersion > snapshot.version ||
    (view.handsVersion === snapshot.version && view.handsCount !== asked.handsCount);
  const next: RoomView = {
    ...view,
    youVersion: keepYou ? view.youVersion : snapshot.version,
    handsVersion: keepHands ? view.handsVersion : snapshot.version,
    snapshot: {
      ...snapshot,
      you: keepYou ? view.snapshot.you : snapshot.you,
      hands: keepHands ? view.snapshot.hands : snapshot.hands,
    },
  };
  return drain(next, view.early);
}
