import type { AccountId, RoomId } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor } from '../../platform/db/index.ts';

/** A listener as a list of the audience needs them. */
export interface ListenerRow {
  account_id: AccountId;
  entered_at: Date;
  followed: boolean;
  hand: boolean;
}

const SAMPLE = 48;

/*
 * These read `follows` beside the rooms' own tables: a join in the database instead of thousands of ids through the
 * graph, on the path that a full room takes once a second. Only the graph writes it.
 */
const followed = sql<boolean>`exists (
  select from follows join room_people stage on stage.account_id = follows.follower_id
  where follows.followee_id = listener.account_id and stage.room_id = listener.room_id
    and stage.left_at is null and stage.role <> 'listener')`;

/** How many listeners, and up to 48 of them: followed by the stage first, then the newest (RT-11). */
export async function sampleOf(
  db: Executor,
  room: RoomId,
): Promise<{ count: number; sample: ListenerRow[] }> {
  const { rows } = await sql<ListenerRow & { count: number }>`
    with stage as materialized (
      select account_id from room_people where room_id = ${room} and left_at is null and role <> 'listener'),
    known as materialized (
      select distinct followee_id from follows where follower_id in (select account_id from stage)
        and followee_id in (select account_id from room_people where room_id = ${room} and left_at is null))
    select listener.account_id, listener.entered_at, known.followee_id is not null as followed,
      listener.hand_at is not null as hand, count(*) over () as count
    from room_people listener left join known on known.followee_id = listener.account_id
    where listener.room_id = ${room} and listener.left_at is null and listener.role = 'listener'
    order by followed desc, listener.entered_at desc, listener.account_id
    limit ${SAMPLE}`.execute(db);
  return { count: rows[0]?.count ?? 0, sample: rows.map(({ count, ...row }) => row) };
}

/** A page of all listeners, by when they came. */
export async function pageOf(
  db: Executor,
  room: RoomId,
  after: { enteredAt: Date; account: AccountId } | null,
  limit: number,
): Promise<ListenerRow[]> {
  const from = after
    ? sql`and (listener.entered_at, listener.account_id) > (${after.enteredAt}, ${after.account}::uuid)`
    : sql``;
  const { rows } = await sql<ListenerRow>`
    select listener.account_id, listener.entered_at, ${followed} as followed, listener.hand_at is not null as hand
    from room_people listener
    where listener.room_id = ${room} and listener.left_at is null and listener.role = 'listener' ${from}
    order by listener.entered_at, listener.account_id limit ${limit}`.execute(db);
  return rows;
}
