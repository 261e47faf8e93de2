import type { AccountId, RoomId } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor } from '../../platform/db/index.ts';

/** The latest room in which the account and each of the others were at the same time; left out where there is none. */
export async function lastTogether(
  db: Executor,
  account: AccountId,
  others: readonly AccountId[],
): Promise<Map<AccountId, { id: RoomId; title: string; at: string }>> {
  if (others.length === 0) return new Map();
  const { rows } = await sql<{ other: AccountId; id: RoomId; title: string; at: Date }>`
    select distinct on (them.account_id) them.account_id as other, r.id, r.title,
      greatest(me.entered_at, them.entered_at) as at
    from room_people me
    join room_people them on them.room_id = me.room_id and them.account_id = any(${others}::uuid[])
    join rooms r on r.id = me.room_id
    where me.account_id = ${account}
      and me.entered_at < coalesce(them.left_at, 'infinity') and them.entered_at < coalesce(me.left_at, 'infinity')
    order by them.account_id, at desc`.execute(db);
  return new Map(rows.map(row => [row.other, { id: row.id, title: row.title, at: row.at.toISOString() }]));
}
