import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccountId, RoomId } from '@sotto/protocol';
import type { Executor, Tx } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { inside, type Room, type RoomState } from './state.ts';
import * as store from './store.ts';

/* The only way from an untrusted room id to a room: absent and not for you give the same answer. */

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const sameKey = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** Whether the key is the room's. */
export const opens = (room: Room, key: string): boolean => sameKey(key, room.key);

/** Whether somebody who is not inside may know that this room is there. */
const maySee = (
  room: Room,
  account: AccountId,
  passes: { pinged: boolean; wasInside: boolean; blocked: boolean },
  key: string | undefined,
): boolean =>
  !passes.blocked &&
  (room.visibility === 'open' ||
    room.opened_by === account ||
    passes.pinged ||
    passes.wasInside ||
    (key !== undefined && sameKey(key, room.key)));

/**
 * For one who stands outside, at the door.
 * @throws Refusal `not_found`, `room_ended` or `kept_out`
 */
export async function checkDoor(
  db: Executor,
  room: Room,
  account: AccountId,
  key: string | undefined,
): Promise<void> {
  const passes = await store.passesOf(db, room.id, account);
  if (!maySee(room, account, passes, key)) throw refuse('not_found');
  if (room.ended_at) throw refuse('room_ended', { title: room.title });
  if (passes.keptOut) throw refuse('kept_out');
}

/** The answer to one who acts in a room without being in it. */
async function refuseOutside(db: Executor, room: Room, account: AccountId): Promise<never> {
  const passes = await store.passesOf(db, room.id, account);
  if (!maySee(room, account, passes, undefined)) throw refuse('not_found');
  throw room.ended_at ? refuse('room_ended', { title: room.title }) : refuse('not_in_room');
}

async function stateFor(
  db: Executor,
  room: Room | undefined,
  account: AccountId,
  also: readonly AccountId[],
): Promise<RoomState> {
  if (!room) throw refuse('not_found');
  const state = await store.stateOf(db, room, [account, ...also]);
  if (room.ended_at || !inside(state.people.get(account))) return refuseOutside(db, room, account);
  return state;
}

/**
 * The room that the account is in, to read it.
 * @throws Refusal `not_found`, `room_ended` or `not_in_room`
 */
export const readRoom = async (db: Executor, id: RoomId, account: AccountId): Promise<RoomState> =>
  stateFor(db, await store.findRoom(db, id), account, []);

/** As `readRoom`, held to the end of the transaction; with `also`, whom the action is about. */
export const takeRoom = async (
  tx: Tx,
  id: RoomId,
  account: AccountId,
  also: readonly AccountId[] = [],
): Promise<RoomState> => stateFor(tx, await store.holdRoom(tx, id, 'update'), account, also);

/** Whatever others would read of the account (PE-9). @throws Refusal `silenced` */
export async function checkMayWrite({ accounts, platform }: Context, account: AccountId): Promise<void> {
  const { silencedUntil } = await accounts.standing(account);
  if (silencedUntil && silencedUntil > platform.now())
    throw refuse('silenced', { until: silencedUntil.toISOString() });
}
