import { randomBytes } from 'node:crypto';
import type { AccountId, Id, RoomId, RoomSnapshot } from '@sotto/protocol';
import type { Tx } from '../../platform/db/index.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import { checkDoor, checkMayWrite } from './access.ts';
import { change, HoldTooWeak } from './change.ts';
import type { Context } from './context.ts';
import { callConversation } from './moderation.ts';
import { snapshotOf } from './snapshot.ts';
import { inside, type Member, type Room, type RoomState } from './state.ts';
import * as store from './store.ts';
import { noteIfGone } from './sweep.ts';
import { arrive, leave, open } from './transitions.ts';

/* Coming and going (RO-1, RO-5, RO-6). Whoever comes in leaves the room they were in, in the same transaction. */

/** Who comes, and by which session: with its end they go (RT-9). */
interface Viewer {
  account: AccountId;
  session: Id;
}

/** One coming at a time, by a session that is still there when they are in. */
async function hold(tx: Tx, { account, session }: Viewer): Promise<void> {
  await store.holdAccount(tx, account);
  if (!(await store.holdSession(tx, session))) throw refuse('not_signed_in');
}

export interface OpenRequest {
  title: string;
  topics: string[];
  visibility: 'open' | 'private';
  /** A direct or group conversation of the opener: its people are called in, and the room is theirs alone (BC-4). */
  conversation?: Id | undefined;
  device: string;
}

/** Opens a room; the opener moderates, on stage and muted. */
export async function openRoom(
  context: Context,
  { account, session }: Viewer,
  request: OpenRequest,
): Promise<RoomSnapshot> {
  await checkMayWrite(context, account);
  return context.platform.transact(async work => {
    const { tx } = work;
    const now = context.platform.now();
    await hold(tx, { account, session });
    await leaveOther(context, work, account, null, request.device);
    const room: Room = {
      id: uuidv7(now.getTime()),
      title: request.title,
      topics: [...new Set(request.topics)],
      visibility: request.conversation === undefined ? request.visibility : 'private',
      hands: 'everyone',
      stage_locked: false,
      key: randomBytes(16).toString('base64url'),
      version: 0,
      opened_by: account,
      started_at: now,
      unmoderated_since: null,
      ended_at: null,
      end_reason: null,
    };
    await store.addRoom(tx, room);
    await context.talk.onRoomOpened(work, room.id);
    const before: RoomState = { room, people: new Map() };
    const connected = arrivesConnected(context, work, account, request.device);
    const opened = open(before, { account, session, device: request.device, now, connected });
    const after = await change(context, work, before, opened);
    if (request.conversation !== undefined)
      await callConversation(context, work, after.room, account, request.conversation);
    work.afterCommit(() =>
      context.platform.log.info({ room: room.id, account, visibility: room.visibility }, 'room opened'),
    );
    return snapshotOf(context, tx, after, account);
  });
}

/** Whether the device has a socket here; one that closes before the commit is noted after it (RO-5). */
function arrivesConnected(context: Context, work: Work, account: AccountId, device: string): boolean {
  const connected = context.presence.holds(account, device);
  if (connected)
    work.afterCommit(
      () =>
        void noteIfGone(context, account, device).catch((error: unknown) =>
          context.platform.log.warn({ err: error }, 'the end of a socket could not be noted'),
        ),
    );
  return connected;
}

/** Enters as a listener, or comes back to what one had. */
export async function enterRoom(
  context: Context,
  { account, session }: Viewer,
  request: { room: RoomId; device: string; key?: string | undefined },
): Promise<RoomSnapshot> {
  const attempt = (mayShare: boolean) =>
    context.platform.transact(async work => {
      await hold(work.tx, { account, session });
      const is = await store.whereIs(work.tx, account);
      const was = await store.findMember(work.tx, request.room, account);
      const how = mayShare && isQuiet(is, was, request) ? 'share' : 'update';
      const room = await takeInOrder(context, work, account, is, request, how);
      const before = await store.stateOf(work.tx, room, [account]);
      const me = before.people.get(account);
      if (room.ended_at || !inside(me)) await checkDoor(work.tx, room, account, request.key);
      const connected = arrivesConnected(context, work, account, request.device);
      const now = context.platform.now();
      const arrived = arrive(before, { account, session, device: request.device, now, connected });
      if (inside(me) && me.device !== request.device) tellOldDevice(context, work, me, request.device);
      const after = await change(context, work, before, arrived, { hold: how, out: { reason: 'left' } });
      return snapshotOf(context, work.tx, after, account, context.pulse.lately(room.id));
    });
  try {
    return await attempt(true);
  } catch (error) {
    if (error instanceof HoldTooWeak) return attempt(false);
    throw error;
  }
}

/** A listener who comes from nowhere, or comes back as they were: nothing with a version changes. */
const isQuiet = (is: Member | undefined, was: Member | undefined, to: { room: RoomId; device: string }) =>
  is
    ? is.room_id === to.room && is.role === 'listener' && is.device === to.device
    : was?.role !== 'moderator';

/** Two people who swap rooms must not wait for each other: rooms are held in the order of their ids. */
async function takeInOrder(
  context: Context,
  work: Work,
  account: AccountId,
  is: Member | undefined,
  to: { room: RoomId; device: string; key?: string | undefined },
  hold: store.Hold,
): Promise<Room> {
  const other = is && is.room_id !== to.room ? is.room_id : null;
  if (other !== null && other < to.room) await store.holdRoom(work.tx, other, 'update');
  const room = await store.holdRoom(work.tx, to.room, hold);
  if (!room) throw refuse('not_found');
  if (other !== null) {
    // Refused at the door, one stays where one was.
    await checkDoor(work.tx, room, account, to.key);
    await leaveOther(context, work, account, to.room, to.device);
  }
  return room;
}

async function leaveOther(
  context: Context,
  work: Work,
  account: AccountId,
  except: RoomId | null,
  device: string,
): Promise<void> {
  const is = await store.whereIs(work.tx, account);
  if (!is || is.room_id === except) return;
  const room = await store.holdRoom(work.tx, is.room_id, 'update');
  if (!room) return;
  const before = await store.stateOf(work.tx, room, [account]);
  const moved = is.device !== device;
  const out = moved ? ({ reason: 'moved', device } as const) : ({ reason: 'left' } as const);
  await change(context, work, before, leave(before, account, context.platform.now()), {
    hold: 'update',
    out,
  });
}

function tellOldDevice(context: Context, work: Work, me: Member, device: string): void {
  work.emit({
    kind: 'frame',
    to: { accounts: [me.account_id] },
    frame: { type: 'roomOut', room: me.room_id, reason: 'moved', device },
  });
  work.afterCommit(() => context.audio.closePerson(me.room_id, me.account_id, 'moved'));
}

/** Leaves quietly. A device that is not the one in the room leaves nothing. */
export async function leaveRoom(
  context: Context,
  account: AccountId,
  request: { room: RoomId; device?: string | undefined },
): Promise<void> {
  const attempt = (mayShare: boolean) =>
    context.platform.transact(async work => {
      await store.holdAccount(work.tx, account);
      const me = await store.findMember(work.tx, request.room, account);
      if (!inside(me) || (request.device !== undefined && request.device !== me.device)) return;
      const quiet = me.role === 'listener' && me.hand_at === null && me.invited_by === null;
      const hold = mayShare && quiet ? 'share' : 'update';
      const room = await store.holdRoom(work.tx, request.room, hold);
      if (!room) return;
      const before = await store.stateOf(work.tx, room, [account]);
      const after = leave(before, account, context.platform.now());
      // Where nobody moderates, the last one out ends the room, and that takes it alone.
      if (hold === 'share' && room.unmoderated_since) throw new HoldTooWeak();
      await change(context, work, before, after, { hold, out: { reason: 'left' } });
    });
  try {
    await attempt(true);
  } catch (error) {
    if (!(error instanceof HoldTooWeak)) throw error;
    await attempt(false);
  }
}
