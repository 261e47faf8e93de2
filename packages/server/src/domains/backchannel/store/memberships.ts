import { sql } from 'kysely';
import type { Executor } from '../../../platform/db/index.ts';

export interface MembershipRow {
  conversation: string;
  /** The other member. */
  other: string;
  head: number;
  readSeq: number;
}

export async function readMembership(
  executor: Executor,
  account: string,
  conversation: string,
): Promise<MembershipRow | undefined> {
  return executor
    .selectFrom('members as me')
    .innerJoin('conversations as c', 'c.id', 'me.conversation_id')
    .innerJoin('members as other', join =>
      join
        .onRef('other.conversation_id', '=', 'me.conversation_id')
        .onRef('other.account_id', '<>', 'me.account_id'),
    )
    .where('me.conversation_id', '=', conversation)
    .where('me.account_id', '=', account)
    .select(['c.id as conversation', 'other.account_id as other', 'c.head', 'me.read_seq as readSeq'])
    .executeTakeFirst();
}

/** Moves a read mark forward, never back and never past the head; gives the mark as it is now and what is unread. */
export async function moveReadMark(
  executor: Executor,
  account: string,
  conversation: string,
  seq: number,
): Promise<{ readSeq: number; unread: number; moved: boolean }> {
  const result = await sql<{ readSeq: number; unread: number; moved: boolean }>`
    with mine as (
      select m.conversation_id, m.account_id, m.read_seq, c.head
      from members m join conversations c on c.id = m.conversation_id
      where m.conversation_id = ${conversation} and m.account_id = ${account}
      for update of m
    ), moved as (
      update members m set read_seq = least(${seq}, mine.head)
      from mine
      where m.conversation_id = mine.conversation_id and m.account_id = mine.account_id
        and m.read_seq < least(${seq}, mine.head)
      returning m.read_seq
    ), mark as (
      select coalesce((select read_seq from moved), mine.read_seq) as read_seq from mine
    )
    select mark.read_seq as "readSeq", exists (select from moved) as moved,
      (select count(*)::int from log_entries e
        where e.conversation_id = ${conversation} and e.seq > mark.read_seq and e.sender_id <> ${account}) as unread
    from mark`.execute(executor);
  const row = result.rows[0];
  if (!row) throw new Error('moveReadMark: not a member');
  return row;
}

/** How many conversations of an account hold something unread. */
export async function countUnread(executor: Executor, account: string): Promise<number> {
  const result = await sql<{ count: number }>`
    select count(*)::int as count
    from members m join conversations c on c.id = m.conversation_id
    where m.account_id = ${account} and c.head > m.read_seq
      and exists (select from log_entries e
        where e.conversation_id = m.conversation_id and e.seq > m.read_seq and e.sender_id <> m.account_id)`.execute(
    executor,
  );
  return result.rows[0]?.count ?? 0;
}

/** Heads of an account's latest conversations. */
export async function readHeads(
  executor: Executor,
  account: string,
  limit: number,
): Promise<{ conversation: string; head: number; readSeq: number }[]> {
  return executor
    .selectFrom('members as m')
    .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
    .where('m.account_id', '=', account)
    .where('c.head', '>', 0)
    .orderBy('c.last_entry_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit)
    .select(['c.id as conversation', 'c.head', 'm.read_seq as readSeq'])
    .execute();
}
