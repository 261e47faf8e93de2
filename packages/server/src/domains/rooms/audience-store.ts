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
    with known as materialized (
      select distinct followee_id from follows where follower_id in (
        select account_id from room_people where room_id = ${room} and left_at is null and role <> 'listener')),
    listener as not materialized (
      select account_id, entered_at, hand_at is not null as hand from room_people
      where room_id = ${room} and left_at is null and role = 'listener')
    select *, (select count(*) from listener) as count from (
      (select account_id, entered_at, hand, true as followed from listener
        where account_id in (select followee_id from known)
        order by entered_at desc, account_id desc limit ${SAMPLE})
      union all
      (select account_id, entered_at, hand, false from listener
        where not exists (select from known where followee_id = account_id)
        order by entered_at desc, account_id desc limit ${SAMPLE})
    ) both_kinds
    order by followed desc, entered_at desc, account_id desc limit ${SAMPLE}`.execute(db);
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
