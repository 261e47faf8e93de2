import type { AccountId, RoomId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';

/** Someone whose device has no socket, as far as the database knows (RO-5). */
export interface Disconnected {
  room: RoomId;
  account: AccountId;
  device: string;
  since: Date;
}

/** At most 10,000; the rest waits for the next sweep. */
export async function disconnected(db: Executor): Promise<Disconnected[]> {
  const rows = await db
    .selectFrom('room_people')
    .select(['room_id', 'account_id', 'device', 'disconnected_at'])
    .where('left_at', 'is', null)
    .where('disconnected_at', 'is not', null)
    .orderBy('disconnected_at')
    .limit(10_000)
    .execute();
  return rows.flatMap(row =>
    row.disconnected_at
      ? { room: row.room_id, account: row.account_id, device: row.device, since: row.disconnected_at }
      : [],
  );
}

/**
 * A listener's connection shows on no screen, so it takes no lock and no version: 5,000 may come back at once. True
 * where that was all there is to do.
 */
export async function setListenerConnected(
  db: Executor,
  account: AccountId,
  device: string,
  since: Date | null,
): Promise<boolean> {
  const rows = await db
    .updateTable('room_people')
    .set({ disconnected_at: since })
    .where('account_id', '=', account)
    .where('device', '=', device)
    .where('role', '=', 'listener')
    .where('left_at', 'is', null)
    .returning('account_id')
    .execute();
  return rows.length > 0;
}

/** Who is inside by a session that is over. */
export const signedOut = (db: Executor): Promise<{ room: RoomId; account: AccountId }[]> =>
  db
    .selectFrom('room_people')
    .select(['room_id as room', 'account_id as account'])
    .where('left_at', 'is', null)
    .where('session_id', 'is', null)
    .execute();

/** Rooms whose last connected moderator has been gone since before `due`. */
export async function unmoderatedSince(db: Executor, due: Date): Promise<RoomId[]> {
  const rows = await db
    .selectFrom('rooms')
    .select('id')
    .where('ended_at', 'is', null)
    .where('unmoderated_since', '<=', due)
    .execute();
  return rows.map(row => row.id);
}

/** Everyone in a room is disconnected from now on, until they show up again. */
export async function disconnectAll(db: Executor, now: Date): Promise<void> {
  await db.transaction().execute(async tx => {
    // In the order of ids, as everywhere: two nodes that start at once must not wait for each other.
    await tx
      .selectFrom('rooms')
      .select('id')
      .where('ended_at', 'is', null)
      .orderBy('id')
      .forNoKeyUpdate()
      .execute();
    await tx
      .updateTable('room_people')
      .set({ disconnected_at: now })
      .where('left_at', 'is', null)
      .where('disconnected_at', 'is', null)
      .execute();
    await tx
      .updateTable('rooms')
      .set(eb => ({
        version: eb('version', '+', 1),
        unmoderated_since: eb.fn.coalesce('unmoderated_since', eb.val(now)),
      }))
      .where('ended_at', 'is', null)
      .execute();
  });
}
