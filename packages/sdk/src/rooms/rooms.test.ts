import type { RoomSnapshot, ServerFrame } from '@sotto/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../calls/client.ts';
import { SottoError } from '../calls/error.ts';
import { type FakeClock, fakeClock } from '../test/fake-clock.ts';
import { ROOM, snapshotOf } from '../test/samples.ts';
import { memoryTabStorage, type TabStorage } from './device.ts';
import { createRooms, type RoomsService } from './rooms.ts';

const OTHER = '01900000-0000-7000-8000-0000000000d2';

let clock: FakeClock;
let tab: TabStorage;
let service: RoomsService;
/** What the server answers, by call; and which calls came. */
let answers: Record<string, (room: string) => unknown>;
let calls: string[];
let server: RoomSnapshot;

const refuse = (code: 'not_in_room' | 'room_ended' | 'kept_out' | 'unavailable', status: number) => () => {
  throw new SottoError({ code, details: {}, status });
};

const call = (async (key: string, input: { params?: { room: string } }) => {
  calls.push(key);
  const answer = answers[key];
  if (!answer) throw new Error(`unexpected: ${key}`);
  return answer(input.params?.room ?? '');
}) as unknown as Call;

const inRoom = (room: string) => ({ ...server, info: { ...server.info, id: room } });
const make = () => createRooms({ call, clock, random: () => 0, tab });
const state = () => service.rooms.room.getSnapshot();
const title = (version: number) =>
  ({ type: 'room', room: ROOM, version, info: { ...server.info, title: `t${version}` } }) as const;
const resumed = (inside: boolean): ServerFrame => ({
  type: 'resumed',
  conversations: [],
  entries: [],
  people: [],
  gone: [],
  requests: 0,
  limited: [],
  inboxLimited: false,
  room: { room: ROOM, version: 1, inside },
});

beforeEach(() => {
  clock = fakeClock();
  tab = memoryTabStorage();
  calls = [];
  server = snapshotOf(1);
  answers = {
    'POST /v1/rooms/:room/enter': inRoom,
    'POST /v1/rooms/:room/leave': () => undefined,
    'GET /v1/rooms/:room/snapshot': inRoom,
  };
  service = make();
});

describe('entering', () => {
  test('RO-6 keeps its name over a reload, and goes back to the room', async () => {
    await service.rooms.enter(ROOM);
    const again = make();
    expect(again.rooms.device).toBe(service.rooms.device);
    await again.rooms.returnToLast();
    expect(again.rooms.room.getSnapshot()).toMatchObject({ state: 'in', room: ROOM });
    expect(createRooms({ call, clock, random: () => 0, tab: memoryTabStorage() }).rooms.device).not.toBe(
      service.rooms.device,
    );
  });

  test('RO-15 an event that overtakes the snapshot is not lost', async () => {
    const entering = service.rooms.enter(ROOM);
    service.handle(title(2));
    await entering;
    expect(state()).toMatchObject({ state: 'in', snapshot: { version: 2, info: { title: 't2' } } });
  });

  test('refused, one stays out, or where one was', async () => {
    await service.rooms.enter(ROOM);
    answers['POST /v1/rooms/:room/enter'] = refuse('kept_out', 403);
    await expect(service.rooms.enter(OTHER)).rejects.toMatchObject({ code: 'kept_out' });
    expect(state()).toMatchObject({ state: 'in', room: ROOM });
    await service.rooms.leave();
    await expect(service.rooms.enter(OTHER)).rejects.toMatchObject({ code: 'kept_out' });
    expect(state()).toEqual({ state: 'out', last: null });
  });

  test('left while still entering: the server is told', async () => {
    const entering = service.rooms.enter(ROOM);
    await service.rooms.leave();
    await entering;
    await clock.pass(0);
    expect(state().state).toBe('out');
    expect(calls).toEqual(['POST /v1/rooms/:room/enter', 'POST /v1/rooms/:room/leave']);
  });

  test('let in while another room was wanted, and not let in there: in neither', async () => {
    const left: string[] = [];
    answers['POST /v1/rooms/:room/leave'] = id => void left.push(id);
    answers['POST /v1/rooms/:room/enter'] = id => (id === ROOM ? inRoom(id) : refuse('kept_out', 403)());
    const first = service.rooms.enter(ROOM);
    await expect(service.rooms.enter(OTHER)).rejects.toMatchObject({ code: 'kept_out' });
    await first;
    await clock.pass(0);
    expect(state()).toEqual({ state: 'out', last: null });
    expect(left).toEqual([ROOM]);
  });
});

describe('a room', () => {
  beforeEach(async () => {
    await service.rooms.enter(ROOM);
    calls = [];
  });

  test('RO-15 a lost event is repaired by a snapshot, 200 ms after the gap shows', async () => {
    server = { ...snapshotOf(3) };
    service.handle(title(3));
    await clock.pass(199);
    expect(calls).toEqual([]);
    await clock.pass(1);
    expect(calls).toEqual(['GET /v1/rooms/:room/snapshot']);
    expect(state()).toMatchObject({ snapshot: { version: 3 } });
  });

  test('a late event closes the gap without a snapshot', async () => {
    service.handle(title(3));
    service.handle(title(2));
    await clock.pass(60_000);
    expect(calls).toEqual([]);
    expect(state()).toMatchObject({ snapshot: { version: 3 } });
  });

  test('RO-15 a snapshot that cannot be had is asked for again', async () => {
    answers['GET /v1/rooms/:room/snapshot'] = refuse('unavailable', 503);
    service.handle(title(3));
    await clock.pass(3_000);
    expect(calls.length).toBeGreaterThan(1);
    expect(state().state).toBe('in');
    server = snapshotOf(3);
    answers['GET /v1/rooms/:room/snapshot'] = inRoom;
    await clock.pass(60_000);
    expect(state()).toMatchObject({ snapshot: { version: 3 } });
    const before = calls.length;
    await clock.pass(60_000);
    expect(calls).toHaveLength(before);
  });

  test('RO-6 moved to another device: out, and says so; to this one: not', () => {
    const moved = { type: 'roomOut', room: ROOM, reason: 'moved' } as const;
    service.handle({ ...moved, device: service.rooms.device });
    expect(state().state).toBe('in');
    service.handle({ ...moved, device: 'another-device' });
    expect(state()).toEqual({ state: 'out', last: { room: ROOM, reason: 'moved' } });
  });

  test.each(['removed', 'ended'] as const)('%s: out at once', reason => {
    service.handle({ type: 'roomOut', room: OTHER, reason, device: null });
    expect(state().state).toBe('in');
    service.handle({ type: 'roomOut', room: ROOM, reason, device: null });
    expect(state()).toEqual({ state: 'out', last: { room: ROOM, reason } });
  });

  test('a late word of an earlier leaving does not put one out', async () => {
    service.handle({ type: 'roomOut', room: ROOM, reason: 'left', device: null });
    await clock.pass(1_000);
    expect(state().state).toBe('in');
    answers['GET /v1/rooms/:room/snapshot'] = refuse('not_in_room', 409);
    service.handle({ type: 'roomOut', room: ROOM, reason: 'left', device: null });
    await clock.pass(1_000);
    expect(state()).toEqual({ state: 'out', last: { room: ROOM, reason: 'left' } });
  });

  test('RO-5 given up by the server while away: goes in again', async () => {
    answers['GET /v1/rooms/:room'] = () => ({ inside: false });
    service.handle(resumed(false));
    await clock.pass(0);
    expect(calls).toEqual(['GET /v1/rooms/:room', 'POST /v1/rooms/:room/enter']);
    expect(state().state).toBe('in');
  });

  test('RO-5 found to be given up before the socket says so: goes in again, too', async () => {
    answers['GET /v1/rooms/:room'] = () => ({ inside: false });
    answers['GET /v1/rooms/:room/snapshot'] = refuse('not_in_room', 409);
    await service.rooms.refresh();
    expect(state().state).toBe('in');
    expect(calls.at(-1)).toBe('POST /v1/rooms/:room/enter');
  });

  test('RO-6 in the room on another device meanwhile: stays out', async () => {
    answers['GET /v1/rooms/:room'] = () => ({ inside: true });
    service.handle(resumed(false));
    await clock.pass(0);
    expect(state()).toEqual({ state: 'out', last: { room: ROOM, reason: 'moved' } });
  });

  test('ended while away: out, and says so', async () => {
    answers['GET /v1/rooms/:room'] = refuse('room_ended', 410);
    service.handle(resumed(false));
    await clock.pass(0);
    expect(state()).toEqual({ state: 'out', last: { room: ROOM, reason: 'ended' } });
  });

  test('AU-10 who speaks changes the levels, and not the room', () => {
    const before = state();
    service.handle({ type: 'roomSpeaking', room: ROOM, speaking: [{ account: OTHER, level: 0.5 }] });
    service.handle({ type: 'roomSlots', room: ROOM, slots: [OTHER, null, null, null] });
    expect(state()).toBe(before);
    expect(service.rooms.speaking.getSnapshot()).toEqual([{ account: OTHER, level: 0.5 }]);
    expect(service.rooms.slots.getSnapshot()[0]).toBe(OTHER);
  });
});
