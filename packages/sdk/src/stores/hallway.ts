import type { ClientFrame, RoomCard, ServerFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { isSottoError, type SottoErrorCode } from '../calls/error.ts';
import type { Clock, Random } from '../ports.ts';
import { type HallwayFrame, reduceHallway } from './hallway-reducer.ts';
import { createStore, type Readable } from './store.ts';

export interface HallwayView {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: SottoErrorCode | null;
  readonly rooms: readonly RoomCard[];
}

/** Live rooms, best first; kept fresh while somebody watches. */
export interface Hallway extends Readable<HallwayView> {
  /** Returns the way to say that nobody looks any more. */
  watch(): () => void;
  reload(): Promise<void>;
}

export interface HallwayService {
  readonly hallway: Hallway;
  watching(): boolean;
  handle(frame: ServerFrame): void;
  /** The connection is there (again). */
  connected(): void;
  reset(): void;
  stop(): void;
}

export interface HallwayOptions {
  call: Call;
  clock: Clock;
  random: Random;
  sendFrame: (frame: ClientFrame) => boolean;
}

/** Events of the hallway carry no sequence: what one lost is found here, ms. */
const REFRESH = 60_000;
const empty: HallwayView = { state: 'loading', error: null, rooms: [] };

export function createHallway(options: HallwayOptions): HallwayService {
  const view = createStore<HallwayView>(empty);
  let watchers = 0;
  let loads = 0;
  /** Events since a reload was asked for: its answer may be older than they are. */
  let meanwhile: HallwayFrame[] | null = null;
  let cancel = () => {};

  const reload = async (): Promise<void> => {
    loads += 1;
    const mine = loads;
    meanwhile = [];
    try {
      const { rooms } = await options.call('GET /v1/rooms');
      if (mine !== loads) return;
      const fresh = meanwhile.reduce<readonly RoomCard[]>(reduceHallway, rooms);
      meanwhile = null;
      view.set({ state: 'ready', error: null, rooms: fresh });
    } catch (thrown) {
      if (!isSottoError(thrown)) throw thrown;
      const { code } = thrown;
      if (mine !== loads) return;
      meanwhile = null;
      view.update(now => ({ ...now, error: code, state: now.state === 'ready' ? 'ready' : 'failed' }));
    }
  };

  const plan = () => {
    cancel();
    if (watchers === 0) return;
    cancel = options.clock.after(REFRESH * (0.8 + 0.4 * options.random()), () => void reload().finally(plan));
  };

  return {
    watching: () => watchers > 0,
    connected() {
      if (watchers === 0) return;
      void reload();
      plan();
    },
    handle(frame) {
      if (frame.type !== 'hallwayRoom' && frame.type !== 'hallwayGone') return;
      meanwhile?.push(frame);
      view.update(now => {
        const rooms = reduceHallway(now.rooms, frame);
        return rooms === now.rooms ? now : { ...now, rooms };
      });
    },
    reset() {
      loads += 1;
      meanwhile = null;
      cancel();
      view.set(empty);
    },
    stop: () => cancel(),
    hallway: {
      getSnapshot: view.getSnapshot,
      subscribe: view.subscribe,
      reload,
      watch() {
        watchers += 1;
        if (watchers === 1) {
          options.sendFrame({ type: 'hallway', watch: true });
          void reload();
          plan();
        }
        let ended = false;
        return () => {
          if (ended) return;
          ended = true;
          watchers -= 1;
          if (watchers > 0) return;
          options.sendFrame({ type: 'hallway', watch: false });
          cancel();
        };
      },
    },
  };
}
