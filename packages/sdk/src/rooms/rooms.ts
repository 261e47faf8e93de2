import type { AccountId, ClientFrame, RoomId, RoomSnapshot, ServerFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { isSottoError } from '../calls/error.ts';
import { type Clock, fullJitter, type Random } from '../ports.ts';
import { adoptSnapshot, type RoomView, reduceRoom, roomHasGap, viewRoom } from '../stores/room-reducer.ts';
import { createStore, type Readable } from '../stores/store.ts';
import { deviceOf, keepRoomOfTab, roomOfTab, type TabStorage } from './device.ts';
import type { NewRoom, OutReason, RoomState } from './types.ts';

/** Someone who speaks now; `level` from 0 to 1. */
export type Speaking = RoomSnapshot['speaking'][number];

export interface RoomsOptions {
  call: Call;
  clock: Clock;
  random: Random;
  tab: TabStorage;
}

/** The room this device is in. All else about rooms goes by `call`. */
export interface Rooms {
  readonly room: Readable<RoomState>;
  /** Who speaks now and how loud, 0 to 1; apart from the room, as it changes several times a second (AU-10). */
  readonly speaking: Readable<readonly Speaking[]>;
  /** Who is in which slot of the audio session (AU-1). */
  readonly slots: Readable<readonly (AccountId | null)[]>;
  /** This tab, as rooms know it (RO-6). */
  readonly device: string;
  /** Opens a room and is in it, as its first moderator, muted. @throws SottoError */
  open(room?: NewRoom): Promise<RoomSnapshot>;
  /** Enters, leaving any other room; `key` is a private room's. @throws SottoError */
  enter(room: RoomId, key?: string): Promise<RoomSnapshot>;
  /** Out at once on this device; the server is told as soon as it can be. */
  leave(): Promise<void>;
  /** Goes back to the room this tab was in before it was reloaded. Null where there is none. */
  returnToLast(): Promise<RoomSnapshot | null>;
  /** Takes the snapshot again. */
  refresh(): Promise<void>;
}

export interface RoomsService {
  readonly rooms: Rooms;
  handle(frame: ServerFrame): void;
  /** What the client has of its room, for `resume`. */
  have(): Extract<ClientFrame, { type: 'resume' }>['room'];
  /** Out, and nothing kept: the account is another. */
  reset(): void;
  /** Does nothing more by itself. */
  stop(): void;
}

const GAP_DELAY = 200;

export function createRooms(options: RoomsOptions): RoomsService {
  const { call, clock, tab } = options;
  const device = deviceOf(tab);
  const room = createStore<RoomState>({ state: 'out', last: null });
  const speaking = createStore<readonly Speaking[]>([]);
  const slots = createStore<readonly (AccountId | null)[]>([]);
  let view: RoomView | null = null;
  /** Each entering and leaving has its own number: the answer to an older one is not taken. */
  let generation = 0;
  /** Events of a room that came before the answer to entering it. */
  let ahead: ServerFrame[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  /** Let in there by the server, while another room was already wanted. */
  let passedBy: RoomId | null = null;
  let cancelRepair: (() => void) | null = null;
  let failures = 0;
  /** The server said that we left: not believed before it is asked. */
  let saidLeft = false;

  const currentRoom = () => {
    const now = room.getSnapshot();
    return now.state === 'in' ? now.room : null;
  };

  const show = (next: RoomView) => {
    if (next === view) return;
    view = next;
    room.set({ state: 'in', room: next.snapshot.info.id, snapshot: next.snapshot });
    if (roomHasGap(next)) planRepair(GAP_DELAY);
  };

  const reset = (state: RoomState) => {
    generation += 1;
    view = null;
    ahead = [];
    saidLeft = false;
    cancelRepair?.();
    cancelRepair = null;
    keepRoomOfTab(tab, null);
    speaking.set([]);
    slots.set([]);
    room.set(state);
  };

  const out = (id: RoomId, reason: OutReason) => reset({ state: 'out', last: { room: id, reason } });

  const arrive = (snapshot: RoomSnapshot) => {
    const id = snapshot.info.id;
    keepRoomOfTab(tab, id);
    slots.set(snapshot.slots);
    speaking.set(snapshot.speaking);
    const early = ahead;
    ahead = [];
    show(viewRoom(snapshot));
    for (const frame of early) handle(frame);
  };

  /** The server takes them in the order in which the person wanted them. */
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const next = turn.then(ask, ask);
    turn = next.catch(() => {});
    return next;
  };

  const tellLeave = (id: RoomId): Promise<void> =>
    inTurn(() => call('POST /v1/rooms/:room/leave', { params: { room: id }, body: { device } })).catch(
      error => {
        // Offline: the server lets the place go by itself after 90 s (RO-5).
        if (!isSottoError(error)) throw error;
      },
    );

  const goIn = async (id: RoomId | null, ask: () => Promise<RoomSnapshot>): Promise<RoomSnapshot> => {
    const before = view;
    reset({ state: 'entering', room: id });
    const mine = generation;
    try {
      const snapshot = await inTurn(ask);
      const now = room.getSnapshot().state;
      passedBy = mine !== generation && now === 'entering' ? snapshot.info.id : null;
      if (mine === generation) arrive(snapshot);
      // Left while still entering.
      else if (now === 'out') void tellLeave(snapshot.info.id);
      return snapshot;
    } catch (error) {
      if (mine === generation) {
        reset({ state: 'out', last: null });
        // Not let in there, so not out here either.
        if (before) {
          arrive(before.snapshot);
          refreshSoon();
        }
        // The server is not to keep a place there for nobody.
        else if (passedBy !== null) void tellLeave(passedBy);
        passedBy = null;
      }
      throw error;
    }
  };

  const askToEnter = (id: RoomId, key?: string) =>
    call('POST /v1/rooms/:room/enter', {
      params: { room: id },
      body: key === undefined ? { device } : { device, key },
    });

  const enter = (id: RoomId, key?: string) => goIn(id, () => askToEnter(id, key));

  /** Says why one is out when the server no longer lets one read the room; other errors are thrown on. */
  const outBy = (id: RoomId, error: unknown) => {
    if (isSottoError(error, 'not_in_room', 'not_found')) out(id, saidLeft ? 'left' : 'gone');
    else if (isSottoError(error, 'room_ended')) out(id, 'ended');
    else if (isSottoError(error, 'kept_out')) out(id, 'removed');
    else throw error;
  };

  const refresh = async (): Promise<void> => {
    const id = currentRoom();
    const mine = generation;
    const asked = view;
    if (!id || !asked) return;
    try {
      const snapshot = await call('GET /v1/rooms/:room/snapshot', { params: { room: id } });
      if (mine !== generation || !view) return;
      slots.set(snapshot.slots);
      speaking.set(snapshot.speaking);
      saidLeft = false;
      show(adoptSnapshot(view, snapshot, asked));
    } catch (error) {
      if (mine !== generation) return;
      // Given up by the server, for having been away too long (RO-5)?
      if (isSottoError(error, 'not_in_room') && !saidLeft) await comeBack(id);
      else outBy(id, error);
    }
  };

  function planRepair(delay: number): void {
    cancelRepair ??= clock.after(delay, () => {
      const mine = generation;
      const again = (failed: boolean) => {
        if (mine !== generation) return;
        failures = failed ? failures + 1 : 0;
        cancelRepair = null;
        if (failed || (view && roomHasGap(view))) planRepair(fullJitter(failures, options.random));
      };
      const work = view && (failures > 0 || roomHasGap(view)) ? refresh() : Promise.resolve();
      void work.then(
        () => again(false),
        () => again(true),
      );
    });
  }

  /** What can wait for the network, and be tried again. */
  const refreshSoon = () => {
    failures = Math.max(failures, 1);
    planRepair(0);
  };

  /** The server does not have us in the room any more: were we moved to another device, or given up after 90 s? */
  async function comeBack(id: RoomId): Promise<void> {
    const mine = generation;
    try {
      const door = await call('GET /v1/rooms/:room', { params: { room: id } });
      if (mine !== generation) return;
      if (door.inside) return out(id, 'moved');
      const snapshot = await askToEnter(id);
      if (mine === generation) arrive(snapshot);
    } catch (error) {
      if (mine === generation) outBy(id, error);
    }
  }

  const resumed = (frame: Extract<ServerFrame, { type: 'resumed' }>) => {
    const id = currentRoom();
    if (!id || !view) return;
    if (frame.room?.room === id && !frame.room.inside) void comeBack(id).catch(refreshSoon);
    // Even at the same version, what has none (audience, who speaks, slots) may have changed.
    else refreshSoon();
  };

  const handleOut = (frame: Extract<ServerFrame, { type: 'roomOut' }>) => {
    if (frame.room !== currentRoom()) return;
    if (frame.reason === 'moved' && frame.device === device) return;
    // An earlier leaving of the same room may be told only now: ask before believing it.
    if (frame.reason === 'left') {
      saidLeft = true;
      refreshSoon();
    } else out(frame.room, frame.reason);
  };

  function handle(frame: ServerFrame): void {
    if (room.getSnapshot().state === 'entering' && 'room' in frame && frame.type !== 'resumed') {
      ahead.push(frame);
      return;
    }
    switch (frame.type) {
      case 'resumed':
        resumed(frame);
        return;
      case 'room':
      case 'roomHands':
      case 'roomYou':
      case 'roomAudience':
        if (view && frame.room === currentRoom()) show(reduceRoom(view, frame));
        return;
      case 'roomSpeaking':
        if (frame.room === currentRoom()) speaking.set(frame.speaking);
        return;
      case 'roomSlots':
        if (frame.room === currentRoom()) slots.set(frame.slots);
        return;
      case 'roomOut':
        handleOut(frame);
        return;
    }
  }

  const rooms: Rooms = {
    room,
    speaking,
    slots,
    device,
    open: (wanted = {}) => goIn(null, () => call('POST /v1/rooms', { body: { ...wanted, device } })),
    enter,
    async leave() {
      const id = currentRoom();
      if (!id) return reset({ state: 'out', last: null });
      out(id, 'left');
      await tellLeave(id);
    },
    async returnToLast() {
      const id = roomOfTab(tab);
      if (!id || room.getSnapshot().state !== 'out') return null;
      return enter(id).catch(error => {
        if (isSottoError(error)) return null;
        throw error;
      });
    },
    refresh,
  };

  return {
    rooms,
    handle,
    have() {
      const id = currentRoom();
      return id && view ? { room: id, version: view.snapshot.version } : null;
    },
    reset: () => reset({ state: 'out', last: null }),
    stop() {
      generation += 1;
      cancelRepair?.();
      cancelRepair = null;
    },
  };
}
