import { sql } from 'kysely';
import type { Executor } from '../../../platform/db/index.ts';
import type { Standing } from '../rows.ts';
import type { Reader } from './conversations.ts';

export async function readStanding(
  executor: Executor,
  account: string,
  conversation: string,
  lock: boolean,
): Promise<Standing | undefined> {
  // A statement sees what was committed before it began: what the lock waited for is read by the next one.
  if (lock)
    await sql`select from conversations where id = ${conversation} for no key update`.execute(executor);
  const { rows } = await sql<Standing>`
    select c.id, c.kind, c.head, c.room_id as room, c.frozen_at as "frozenAt", c.talk_on as "talkOn",
      c.people_count as "peopleCount", me.state, me.role, me.first_seq as "firstSeq", me.read_seq as "readSeq",
      other.account_id as other, other.state as "otherState"
    from members me
    join conversations c on c.id = me.conversation_id
    left join members other
      on c.kind = 'direct' and other.conversation_id = me.conversation_id and other.account_id <> me.account_id
    where me.conversation_id = ${conversation} and me.account_id = ${account}
      and me.state in ('new', 'active', 'request', 'invited')`.execute(executor);
  return rows[0];
}

/** Accounts in the conversation now. */
export async function activeMembers(executor: Executor, conversation: string): Promise<string[]> {
  const rows = await executor
    .selectFrom('members')
    .where('conversation_id', '=', conversation)
    .where('state', '=', 'active')
    .select('account_id')
    .execute();
  return rows.map(row => row.account_id);
}

/** For whom the conversation begins after this entry, whether they are in it now or not. */
export async function cameAfter(executor: Executor, conversation: string, seq: number): Promise<string[]> {
  const rows = await executor
    .selectFrom('members')
    .where('conversation_id', '=', conversation)
    .where('first_seq', '>', seq)
    // As the index says it: of the many in a room hardly anyone's membership begins later than the log.
    .where('first_seq', '>', sql.lit(1))
    .select('account_id')
    .execute();
  return rows.map(row => row.account_id);
}

/** What these members see of the conversation has changed in a way that its log does not tell. */
export async function touchMembers(
  executor: Executor,
  conversation: string,
  accounts: readonly string[],
): Promise<void> {
  await sql`update members set version = version + 1
    where conversation_id = ${conversation} and account_id = any(${accounts}::uuid[])`.execute(executor);
}

/**
 * Moves a read mark forward, never back and never past the head, and takes a mark as unread away; gives the mark as it is now
 * and what is unread.
 */
export async function moveReadMark(
  executor: Executor,
  { account, blocked }: Reader,
  conversation: string,
  seq: number,
): Promise<{ readSeq: number; unread: number; moved: boolean; unmarked: boolean }> {
  const result = await sql<{ readSeq: number; unread: number; moved: boolean; unmarked: boolean }>`
    with mine as (
      select m.conversation_id, m.account_id, m.read_seq, m.first_seq, m.marked_unread, c.head, c.kind
      from members m join conversations c on c.id = m.conversation_id
      where m.conversation_id = ${conversation} and m.account_id = ${account}
      for update of m
    ), moved as (
      update members m set read_seq = greatest(m.read_seq, least(${seq}, mine.head)), marked_unread = false,
        version = m.version + mine.marked_unread::int
      from mine
      where m.conversation_id = mine.conversation_id and m.account_id = mine.account_id
        and (m.read_seq < least(${seq}, mine.head) or m.marked_unread and ${seq} >= m.read_seq)
      returning m.read_seq
    ), mark as (
      select coalesce((select greatest(read_seq, mine.read_seq) from moved), mine.read_seq) as read_seq, mine.first_seq, mine.kind,
        mine.marked_unread
      from mine
    )
    select mark.read_seq as "readSeq", exists (select from moved) as moved,
      exists (select from moved) and mark.marked_unread as unmarked,
      (select count(*)::int from (
        select from log_entries e
        where e.conversation_id = ${conversation} and e.seq > greatest(mark.read_seq, mark.first_seq - 1)
          and e.kind = 'message' and e.sender_id <> ${account}
          and (mark.kind = 'direct' or e.sender_id <> all(${[...blocked]}::uuid[]))
        limit 1000) capped) as unread
    from mark`.execute(executor);
  const row = result.rows[0];
  if (!row) throw new Error('moveReadMark: not a member');
  return row;
}

/** How many conversations of an inbox hold something unread; muted ones are left out. */
export async function countUnread(
  executor: Executor,
  { account, blocked }: Reader,
  now: Date,
): Promise<number> {
  const result = await sql<{ count: number }>`
    select count(*)::int as count
    from members m join conversations c on c.id = m.conversation_id
    where m.account_id = ${account} and m.state = 'active' and m.archived_at is null
      and (m.muted_until is null or m.muted_until <= ${now}::timestamptz)
      and (c.kind in ('direct', 'group') or m.wrote_at is not null)
      and (m.marked_unread or c.last_seq > m.read_seq and exists (
        select from log_entries e
        where e.conversation_id = m.conversation_id and e.seq > greatest(m.read_seq, m.first_seq - 1)
          and e.kind = 'message' and e.sender_id <> m.account_id
          and (c.kind = 'direct' or e.sender_id <> all(${[...blocked]}::uuid[]))))`.execute(executor);
  return result.rows[0]?.count ?? 0;
}

/** How many requests and invitations wait. */
export async function countWaiting(executor: Executor, account: string): Promise<number> {
  const row = await executor
    .selectFrom('members')
    .where('account_id', '=', account)
    .where('state', 'in', ['request', 'invited'])
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Seconds in which the heads still name a talk that is over, to who has it in their inbox: its end is a last event too. */
const OVER_SECONDS = 120;

/** Heads of an account's latest conversations, talks that are going on or were lately among them. */
export async function readHeads(
  executor: Executor,
  account: string,
  now: Date,
  limit: number,
): Promise<{ conversation: string; head: number; readSeq: number }[]> {
  return executor
    .selectFrom('members as m')
    .innerJoin('conversations as c', 'c.id', 'm.conversation_id')
    .where('m.account_id', '=', account)
    .where('m.state', '=', 'active')
    .where('c.head', '>', 0)
    .where(eb =>
      eb.or([
        eb('c.frozen_at', 'is', null),
        eb.and([
          eb('m.wrote_at', 'is not', null),
          eb('c.frozen_at', '>', new Date(now.getTime() - OVER_SECONDS * 1000)),
        ]),
      ]),
    )
    .orderBy('c.last_entry_at', order => order.desc().nullsLast())
    .orderBy('c.id', 'desc')
    .limit(limit)
    .select(['c.id as conversation', 'c.head', 'm.read_seq as readSeq'])
    .execute();
}

/** Until when the operator has silenced the account; null if not. */
export async function silencedUntil(executor: Executor, account: string, now: Date): Promise<Date | null> {
  const row = await executor
    .selectFrom('accounts')
    .where('id', '=', account)
    .where('silenced_until', '>', now)
    .select('silenced_until')
    .executeTakeFirst();
  return row?.silenced_until ?? null;
}
