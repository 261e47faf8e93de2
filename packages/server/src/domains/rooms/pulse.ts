import type { Audience, RoomId } from '@sotto/protocol';
import type { Platform } from '../../platform/platform.ts';
import { sampleOf } from './audience-store.ts';
import { liveRooms, unwelcomeIn } from './hallway-store.ts';
import type { AccountsPort } from './ports.ts';
import { findRoom } from './store.ts';
import { audienceView, cardView } from './views.ts';

/** Milliseconds between two frames about one room's audience (RT-11). */
export const AUDIENCE_EVERY = 1000;
/** Milliseconds between two hallway cards of one room. */
export const HALLWAY_EVERY = 2000;
/** What changes within this many milliseconds goes out together. */
const GATHER = 25;

/**
 * Tells what is not worth a frame each time: who listens, and what a card in the hallway shows. However many people come
 * and go, a room has one timer, one query of its audience a second, and one frame.
 */
export interface Pulse {
  /** Call after the commit: the frame is read from the database. */
  audience(room: RoomId): void;
  hallway(room: RoomId): void;
  /**
   * The audience as everyone in the room was last told, if that was within the second: what one who enters is shown
   * first, so that thousands who enter together are not thousands of queries. The next frame has them in it.
   */
  lately(room: RoomId): Audience | undefined;
  stop(): Promise<void>;
}

type Part = 'audience' | 'hallway';
/** Milliseconds between two frames of one room. */
export type Pace = Readonly<Record<Part, number>>;
interface Beat {
  timer: NodeJS.Timeout | null;
  due: boolean;
}

export function createPulse(platform: Platform, accounts: AccountsPort, every: Pace): Pulse {
  const beats: Record<Part, Map<RoomId, Beat>> = { audience: new Map(), hallway: new Map() };
  const running = new Set<Promise<void>>();
  const told = new Map<RoomId, Audience>();
  let stopped = false;

  async function tellAudience(id: RoomId): Promise<void> {
    const room = await findRoom(platform.db, id);
    if (!room || room.ended_at) return;
    const rows = await sampleOf(platform.db, id);
    const people = await accounts.people(rows.sample.map(row => row.account_id));
    const audience = audienceView(rows, people);
    if (!stopped) told.set(id, audience);
    platform.bus.publish({
      kind: 'frame',
      to: { channel: `room:${id}` },
      frame: { type: 'roomAudience', room: id, audience },
    });
  }

  async function tellHallway(id: RoomId): Promise<void> {
    const room = await findRoom(platform.db, id);
    if (!room || room.ended_at || room.visibility !== 'open') return;
    const [live] = await liveRooms(platform.db, [room]);
    if (!live) return;
    const stage = live.stage.map(member => member.account_id);
    const people = await accounts.people(stage);
    platform.bus.publish({
      kind: 'frame',
      to: { channel: 'hallway', except: await unwelcomeIn(platform.db, id, stage) },
      frame: { type: 'hallwayRoom', card: cardView(live, people, null) },
    });
  }

  const tell = { audience: tellAudience, hallway: tellHallway };

  /** The wait begins when the frame is out: an older one never overtakes a newer. */
  function beat(part: Part, room: RoomId): void {
    const state: Beat = { timer: null, due: false };
    beats[part].set(room, state);
    const work = tell[part](room)
      .catch((error: unknown) => platform.log.warn({ err: error, room, part }, 'a room could not be told of'))
      .finally(() => {
        running.delete(work);
        if (!stopped) state.timer = setTimeout(() => rest(part, room, state), every[part]).unref();
      });
    running.add(work);
  }

  function rest(part: Part, room: RoomId, state: Beat): void {
    if (part === 'audience') told.delete(room);
    if (state.due) beat(part, room);
    else beats[part].delete(room);
  }

  function ask(part: Part, room: RoomId): void {
    if (stopped) return;
    const state = beats[part].get(room);
    if (state) {
      state.due = true;
      return;
    }
    const first: Beat = { timer: null, due: true };
    beats[part].set(room, first);
    first.timer = setTimeout(() => beat(part, room), GATHER).unref();
  }

  return {
    audience: room => ask('audience', room),
    hallway: room => ask('hallway', room),
    lately: room => told.get(room),
    async stop() {
      stopped = true;
      for (const rooms of Object.values(beats))
        for (const { timer } of rooms.values()) if (timer) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
