import type { AccountId, RoomId } from '@sotto/protocol';
import { type SelectQueryBuilder, sql, type Updateable } from 'kysely';
import type { Executor, Schema, Tx } from '../../platform/db/index.ts';
import type { Member, Room, RoomState } from './state.ts';

/**
 * How a room is held while it changes. `update`: one change at a time. `share`: many at once, for listeners who come and
 * go without touching what has a version; it keeps `update` away, so nobody enters while they are being removed.
 */
export type Hold = 'share' | 'update';

export const findRoom = (db: Executor, room: RoomId): Promise<Room | undefined> =>
  db.selectFrom('rooms').selectAll().where('id', '=', room).executeTakeFirst();

export async function titlesOf(
  db: Executor,
  rooms: readonly RoomId[],
): Promise<Map<RoomId, { title: string; ended: boolean }>> {
  const rows = await db
    .selectFrom('rooms')
    .select(['id', 'title', 'ended_at'])
    .where('id', '=', sql<string>`any(${rooms}::uuid[])`)
    .execute();
  return new Map(rows.map(row => [row.id, { title: row.title, ended: row.ended_at !== null }]));
}

const hold = <O>(query: SelectQueryBuilder<Schema, 'rooms', O>, how: Hold) =>
  how === 'share' ? query.forShare() : query.forNoKeyUpdate();

export const holdRoom = (tx: Tx, room: RoomId, how: Hold): Promise<Room | undefined> =>
  hold(tx.selectFrom('rooms').selectAll().where('id', '=', room), how).executeTakeFirst();

/** As `holdRoom`, but nothing where another holds it: the sweeps of several nodes never wait for each other. */
export const holdRoomIfFree = (tx: Tx, room: RoomId): Promise<Room | undefined> =>
  tx
    .selectFrom('rooms')
    .selectAll()
    .where('id', '=', room)
    .where('ended_at', 'is', null)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();

/** One entering or leaving of an account at a time (RO-6), to the end of the transaction. */
export const holdAccount = async (tx: Tx, account: AccountId): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${account}, 6))`.execute(tx);
};

/** Keeps the session from ending before this transaction does; false where it has ended already. */
export const holdSession = async (tx: Tx, session: string): Promise<boolean> =>
  (await tx
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', session)
    .forKeyShare()
    .executeTakeFirst()) !== undefined;

/** The stage, the raised hands, the invited, and `also`, in the room or not. Each half has its index: no scan of the audience. */
export const notable = (db: Executor, room: RoomId, also: readonly AccountId[]): Promise<Member[]> =>
  db
    .selectFrom('room_people')
    .selectAll()
    .where('room_id', '=', room)
    .where('left_at', 'is', null)
    .where(eb =>
      eb.or([
        eb('role', '<>', sql.lit('listener')),
        eb('hand_at', 'is not', null),
        eb('invited_by', 'is not', null),
      ]),
    )
    .union(
      db
        .selectFrom('room_people')
        .selectAll()
        .where('room_id', '=', room)
        .where('account_id', '=', sql<string>`any(${also}::uuid[])`),
    )
    .execute();

export const stateOf = async (
  db: Executor,
  room: Room,
  also: readonly AccountId[] = [],
): Promise<RoomState> => ({
  room,
  people: new Map((await notable(db, room.id, also)).map(member => [member.account_id, member])),
});

export const listenersInside = (db: Executor, room: RoomId): Promise<Member[]> =>
  db
    .selectFrom('room_people')
    .selectAll()
    .where('room_id', '=', room)
    .where('left_at', 'is', null)
    .where('role', '=', 'listener')
    .execute();

export const membersAmong = (
  db: Executor,
  room: RoomId,
  accounts: readonly AccountId[],
): Promise<Member[]> =>
  accounts.length === 0
    ? Promise.resolve([])
    : db
        .selectFrom('room_people')
        .selectAll()
        .where('room_id', '=', room)
        .where('account_id', '=', sql<string>`any(${accounts}::uuid[])`)
        .where('left_at', 'is', null)
        .execute();

export const findMember = (db: Executor, room: RoomId, account: AccountId): Promise<Member | undefined> =>
  db
    .selectFrom('room_people')
    .selectAll()
    .where('room_id', '=', room)
    .where('account_id', '=', account)
    .executeTakeFirst();

/** Where the account is now, if anywhere. */
export const whereIs = (db: Executor, account: AccountId): Promise<Member | undefined> =>
  db
    .selectFrom('room_people')
    .selectAll()
    .where('account_id', '=', account)
    .where('left_at', 'is', null)
    .executeTakeFirst();

export const anyoneInside = async (
  db: Executor,
  room: RoomId,
  except: readonly AccountId[],
): Promise<boolean> =>
  (await db
    .selectFrom('room_people')
    .select('account_id')
    .where('room_id', '=', room)
    .where('left_at', 'is', null)
    .where('account_id', '<>', sql<string>`all(${except}::uuid[])`)
    .limit(1)
    .executeTakeFirst()) !== undefined;

export const addRoom = (tx: Tx, room: Room) => tx.insertInto('rooms').values(room).execute();

export const saveRoom = (tx: Tx, room: RoomId, change: Updateable<Schema['rooms']>) =>
  tx.updateTable('rooms').set(change).where('id', '=', room).execute();

export const putMember = (tx: Tx, member: Member) =>
  tx
    .insertInto('room_people')
    .values(member)
    .onConflict(conflict => conflict.columns(['room_id', 'account_id']).doUpdateSet(member))
    .execute();

export const saveMembers = (
  tx: Tx,
  room: RoomId,
  accounts: readonly AccountId[],
  change: Updateable<Schema['room_people']>,
) =>
  tx
    .updateTable('room_people')
    .set(change)
    .where('room_id', '=', room)
    .where('account_id', '=', sql<string>`any(${accounts}::uuid[])`)
    .execute();

/** Everyone out; who they were. */
export const leaveAll = async (tx: Tx, room: RoomId, now: Date): Promise<AccountId[]> => {
  const rows = await tx
    .updateTable('room_people')
    .set({
      left_at: now,
      session_id: null,
      disconnected_at: null,
      hand_at: null,
      invited_by: null,
      moderation_offered_at: null,
    })
    .where('room_id', '=', room)
    .where('left_at', 'is', null)
    .returning('account_id')
    .execute();
  return rows.map(row => row.account_id);
};

export const keepOut = (tx: Tx, room: RoomId, account: AccountId, by: AccountId, now: Date) =>
  tx
    .insertInto('room_kept_out')
    .values({ room_id: room, account_id: account, by_id: by, created_at: now })
    .onConflict(conflict => conflict.doNothing())
    .execute();

export const letBackIn = (tx: Tx, room: RoomId, account: AccountId) =>
  tx.deleteFrom('room_kept_out').where('room_id', '=', room).where('account_id', '=', account).execute();

/** Who was removed, and who left by themselves; the last first, at most 100 each. */
export async function outOf(db: Executor, room: RoomId): Promise<{ keptOut: string[]; left: string[] }> {
  const keptOut = await db
    .selectFrom('room_kept_out')
    .select('account_id')
    .where('room_id', '=', room)
    .orderBy('created_at', 'desc')
    .limit(100)
    .execute();
  const left = await db
    .selectFrom('room_people')
    .select('account_id')
    .where('room_id', '=', room)
    .where('left_at', 'is not', null)
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('room_kept_out as k')
            .select('k.account_id')
            .whereRef('k.room_id', '=', 'room_people.room_id')
            .whereRef('k.account_id', '=', 'room_people.account_id'),
        ),
      ),
    )
    .orderBy('left_at', 'desc')
    .limit(100)
    .execute();
  return { keptOut: keptOut.map(row => row.account_id), left: left.map(row => row.account_id) };
}

/** What stands for and against somebody at the door, in one query. */
export async function passesOf(
  db: Executor,
  room: RoomId,
  account: AccountId,
): Promise<{ keptOut: boolean; pinged: boolean; wasInside: boolean; blocked: boolean }> {
  const { rows } = await sql<{ keptOut: boolean; pinged: boolean; wasInside: boolean; blocked: boolean }>`
    select
      exists (select from room_kept_out where room_id = ${room} and account_id = ${account}) as "keptOut",
      exists (select from room_pings where room_id = ${room} and account_id = ${account}) as "pinged",
      exists (select from room_people where room_id = ${room} and account_id = ${account}) as "wasInside",
      exists (
        select from room_people stage
        join blocks on (blocks.blocker_id = stage.account_id and blocks.blocked_id = ${account})
                    or (blocks.blocked_id = stage.account_id and blocks.blocker_id = ${account})
        where stage.room_id = ${room} and stage.left_at is null and stage.role <> 'listener'
          and stage.account_id <> ${account}
      ) as blocked`.execute(db);
  return rows[0] ?? { keptOut: false, pinged: false, wasInside: false, blocked: false };
}

/** Lets many in at once, into a room that is new. */
export async function addPings(
  tx: Tx,
  room: RoomId,
  accounts: readonly AccountId[],
  by: AccountId,
  now: Date,
): Promise<void> {
  await sql`insert into room_pings (room_id, account_id, by_id, created_at)
    select ${room}, account, ${by}, ${now}::timestamptz from unnest(${accounts}::uuid[]) account`.execute(tx);
}

/** Notes the ping; false where the same two had one so lately that it would only be noise. */
export async function addPing(
  tx: Tx,
  ping: { room_id: RoomId; account_id: AccountId; by_id: AccountId; created_at: Date },
  notSince: Date,
): Promise<boolean> {
  const rows = await tx
    .insertInto('room_pings')
    .values(ping)
    .onConflict(conflict =>
      conflict
        .columns(['room_id', 'account_id'])
        .doUpdateSet({ by_id: ping.by_id, created_at: ping.created_at })
        .where('room_pings.created_at', '<', notSince),
    )
    .returning('account_id')
    .execute();
  return rows.length > 0;
}
