import type { AccountId, RoomId } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';

/** A talk: the written side of a room, or of its stage. */
export interface TalkRow {
  id: string;
  kind: 'room' | 'stage';
  head: number;
}

export async function insertTalks(tx: Tx, room: RoomId): Promise<void> {
  await sql`insert into conversations (kind, room_id) values ('room', ${room}), ('stage', ${room})`.execute(
    tx,
  );
}

/** Both talks, held: nothing is written into them until the transaction ends. In the order of ids, as messages are. */
export async function holdTalks(tx: Tx, room: RoomId): Promise<TalkRow[]> {
  const { rows } = await sql<TalkRow>`
    select id, kind, head from conversations where room_id = ${room} order by id for no key update`.execute(
    tx,
  );
  return rows;
}

/** Who comes into the room: its talk from the beginning, what was written before they came not being news. */
export async function enterRoomTalk(
  tx: Tx,
  room: RoomId,
  accounts: readonly AccountId[],
  moderators: readonly AccountId[],
  now: Date,
): Promise<void> {
  await sql`
    insert into members as m (conversation_id, account_id, state, role, read_seq, state_at)
    select c.id, a.id, 'active', case when a.id = any(${moderators}::uuid[]) then 'admin' else 'member' end, c.head,
      ${now}::timestamptz
    from conversations c, unnest(${accounts}::uuid[]) a (id)
    where c.room_id = ${room} and c.kind = 'room'
    on conflict (conversation_id, account_id) do update
      set state = 'active', role = excluded.role, state_at = excluded.state_at, version = m.version + 1`.execute(
    tx,
  );
}

/** Who comes onto the stage: its talk from now on. Under the lock of `holdTalks`. */
export async function enterStageTalk(
  tx: Tx,
  stage: TalkRow,
  accounts: readonly AccountId[],
  moderators: readonly AccountId[],
  now: Date,
): Promise<void> {
  await sql`
    insert into members as m (conversation_id, account_id, state, role, first_seq, read_seq, state_at)
    select ${stage.id}, a.id, 'active', case when a.id = any(${moderators}::uuid[]) then 'admin' else 'member' end,
      ${stage.head + 1}::int, ${stage.head}::int, ${now}::timestamptz
    from unnest(${accounts}::uuid[]) a (id)
    on conflict (conversation_id, account_id) do update
      set state = 'active', role = excluded.role, first_seq = excluded.first_seq, read_seq = excluded.read_seq,
        state_at = excluded.state_at, version = m.version + 1`.execute(tx);
}

/** Out of the talks of these kinds; gives who was in which. */
export async function leaveTalks(
  tx: Tx,
  room: RoomId,
  kinds: readonly TalkRow['kind'][],
  accounts: readonly AccountId[],
  now: Date,
): Promise<{ conversation: string; account: AccountId }[]> {
  const { rows } = await sql<{ conversation: string; account: AccountId }>`
    update members m set state = 'left', role = 'member', state_at = ${now}::timestamptz, version = m.version + 1
    from conversations c
    where c.room_id = ${room} and c.kind = any(${kinds}::text[]) and m.conversation_id = c.id
      and m.account_id = any(${accounts}::uuid[]) and m.state = 'active'
    returning m.conversation_id as conversation, m.account_id as account`.execute(tx);
  return rows;
}

/** Who was removed loses the talk for good: let back in, they read what was written since. */
export async function removeFromTalks(tx: Tx, room: RoomId, account: AccountId): Promise<void> {
  await sql`
    update members m set state = 'removed', role = 'member', first_seq = c.head + 1, read_seq = c.head,
      version = m.version + 1
    from conversations c
    where c.room_id = ${room} and m.conversation_id = c.id and m.account_id = ${account}`.execute(tx);
}

export async function setTalkRoles(
  tx: Tx,
  room: RoomId,
  role: 'admin' | 'member',
  accounts: readonly AccountId[],
): Promise<void> {
  await sql`
    update members m set role = ${role}, version = m.version + 1
    from conversations c
    where c.room_id = ${room} and m.conversation_id = c.id and m.account_id = any(${accounts}::uuid[])
      and m.state = 'active' and m.role <> ${role}`.execute(tx);
}

/** No more is written; who had left the room reads it again. */
export async function freezeTalks(tx: Tx, room: RoomId, now: Date): Promise<void> {
  await sql`update conversations set frozen_at = ${now}::timestamptz where room_id = ${room}`.execute(tx);
  await sql`
    update members m set state = 'active', version = m.version + 1
    from conversations c
    where c.room_id = ${room} and c.kind = 'room' and m.conversation_id = c.id and m.state = 'left'`.execute(
    tx,
  );
}

/** The talks of a room as somebody stands to them. */
export async function talksOf(
  executor: Executor,
  room: RoomId,
  account: AccountId,
): Promise<{ id: string; kind: 'room' | 'stage'; state: string }[]> {
  const { rows } = await sql<{ id: string; kind: 'room' | 'stage'; state: string }>`
    select c.id, c.kind, m.state from conversations c
    join members m on m.conversation_id = c.id and m.account_id = ${account}
    where c.room_id = ${room}`.execute(executor);
  return rows;
}

export async function saveTalk(
  tx: Tx,
  conversation: string,
  change: { on: boolean; slowSeconds: number },
): Promise<void> {
  await sql`update conversations set talk_on = ${change.on}, slow_seconds = ${change.slowSeconds}
    where id = ${conversation}`.execute(tx);
}

export async function readTalk(
  tx: Tx,
  conversation: string,
): Promise<{ on: boolean; slowSeconds: number; pinnedSeq: number | null }> {
  const { rows } = await sql<{ on: boolean; slowSeconds: number; pinnedSeq: number | null }>`
    select talk_on as "on", slow_seconds as "slowSeconds", pinned_seq as "pinnedSeq"
    from conversations where id = ${conversation}`.execute(tx);
  if (!rows[0]) throw new Error('readTalk: no such conversation');
  return rows[0];
}

export async function savePin(tx: Tx, conversation: string, seq: number | null): Promise<void> {
  await sql`update conversations set pinned_seq = ${seq} where id = ${conversation}`.execute(tx);
}

/** A message by its place, as far as taking it out of view or pinning it needs it. */
export async function findMessage(
  tx: Tx,
  conversation: string,
  seq: number,
): Promise<{ sender: AccountId | null; hidden: boolean } | undefined> {
  const { rows } = await sql<{ sender: AccountId | null; hidden: boolean }>`
    select sender_id as sender, hidden_at is not null as hidden from log_entries
    where conversation_id = ${conversation} and seq = ${seq} and kind = 'message'`.execute(tx);
  return rows[0];
}

/** Its row stays as it was, for who decides about reports; what is searched by is gone. False where it was hidden. */
export async function hideRow(
  tx: Tx,
  conversation: string,
  seq: number,
  by: AccountId | null,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update log_entries set hidden_at = ${now}::timestamptz, hidden_by = ${by}, search = null
    where conversation_id = ${conversation} and seq = ${seq} and hidden_at is null
    returning seq`.execute(tx);
  if (rows.length === 0) return false;
  // The entry that brought its previews says what its links say; those of the message itself stay with its row.
  await sql`
    update log_entries set extra = '{"previews": []}'
    where conversation_id = ${conversation} and seq > ${seq} and target_seq = ${seq} and kind = 'preview'`.execute(
    tx,
  );
  return true;
}

/** Who else is in a direct or group conversation of the account, and whether they have muted it. */
export async function othersOf(
  executor: Executor,
  conversation: string,
  account: AccountId,
  now: Date,
): Promise<{ account: AccountId; quiet: boolean }[]> {
  const { rows } = await sql<{ account: AccountId; quiet: boolean }>`
    select m.account_id as account, coalesce(m.muted_until > ${now}::timestamptz, false) as quiet from members m
    where m.conversation_id = ${conversation} and m.account_id <> ${account} and m.state = 'active'`.execute(
    executor,
  );
  return rows;
}
