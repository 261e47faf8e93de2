import type { AccountId, RoomId } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor } from '../../platform/db/index.ts';
import type { Member, Room } from './state.ts';

/** A live room, with what its card needs beside the names. */
export interface LiveRoom {
  room: Room;
  stage: Member[];
  /** Everyone in the room, the stage among them. */
  count: number;
}

/** How many rooms a hallway shows. */
const HALLWAY_MAX = 100;

/** Reads `blocks` beside the rooms' own tables, for the reason given in `audience-store.ts`. */
export const openRoomsFor = (db: Executor, viewer: AccountId): Promise<Room[]> =>
  db
    .selectFrom('rooms')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('visibility', '=', 'open')
    .where(
      sql<boolean>`not exists (select from room_kept_out k where k.room_id = rooms.id and k.account_id = ${viewer})`,
    )
    .where(
      sql<boolean>`not exists (
        select from room_people stage
        join blocks on (blocks.blocker_id = stage.account_id and blocks.blocked_id = ${viewer})
                    or (blocks.blocked_id = stage.account_id and blocks.blocker_id = ${viewer})
        where stage.room_id = rooms.id and stage.left_at is null and stage.role <> 'listener'
          and stage.account_id <> ${viewer})`,
    )
    .orderBy('started_at', 'desc')
    .limit(HALLWAY_MAX)
    .execute();

export async function liveRooms(db: Executor, rooms: readonly Room[]): Promise<LiveRoom[]> {
  const ids = rooms.map(room => room.id);
  if (ids.length === 0) return [];
  const stage = await db
    .selectFrom('room_people')
    .selectAll()
    .where('room_id', 'in', ids)
    .where('left_at', 'is', null)
    .where('role', '<>', 'listener')
    .execute();
  const counts = await db
    .selectFrom('room_people')
    .select(eb => ['room_id', eb.fn.countAll<number>().as('count')])
    .where('room_id', 'in', ids)
    .where('left_at', 'is', null)
    .groupBy('room_id')
    .execute();
  const stageOfRoom = Map.groupBy(stage, member => member.room_id);
  const countOf = new Map(counts.map(row => [row.room_id, row.count]));
  return rows(rooms, stageOfRoom, countOf);
}

const rows = (
  rooms: readonly Room[],
  stage: ReadonlyMap<RoomId, Member[]>,
  counts: ReadonlyMap<RoomId, number>,
): LiveRoom[] =>
  rooms.map(room => ({ room, stage: stage.get(room.id) ?? [], count: counts.get(room.id) ?? 0 }));

/** Who of those the viewer follows is in which room, the stage first. */
export async function followedInside(
  db: Executor,
  viewer: AccountId,
  rooms: readonly RoomId[],
): Promise<{ room_id: RoomId; account_id: AccountId; stage: boolean }[]> {
  if (rooms.length === 0) return [];
  const { rows } = await sql<{ room_id: RoomId; account_id: AccountId; stage: boolean }>`
    select person.room_id, person.account_id, person.role <> 'listener' as stage
    from follows join room_people person on person.account_id = follows.followee_id
    where follows.follower_id = ${viewer} and person.left_at is null
      and person.room_id = any(${rooms}::uuid[])
    order by stage desc, person.entered_at, person.account_id`.execute(db);
  return rows;
}

/** Those in whose hallway the room is not: kept out of it (RO-2), or with a block to or from someone on its stage (PE-5). */
export async function unwelcomeIn(
  db: Executor,
  room: RoomId,
  stage: readonly AccountId[],
): Promise<AccountId[]> {
  const { rows } = await sql<{ id: AccountId }>`
    select account_id as id from room_kept_out where room_id = ${room}
    union select blocked_id from blocks where blocker_id = any(${stage}::uuid[])
    union select blocker_id from blocks where blocked_id = any(${stage}::uuid[])`.execute(db);
  return rows.map(row => row.id);
}
