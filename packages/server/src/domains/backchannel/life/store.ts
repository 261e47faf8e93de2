import { RECEIPTS_PEOPLE_MAX } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';

export interface ReactionRow {
  conversation: string;
  seq: number;
  emoji: string;
  account: string;
}

/** @returns whether it is new */
export async function insertReaction(tx: Tx, reaction: ReactionRow): Promise<boolean> {
  const { conversation, seq, emoji, account } = reaction;
  const result = await tx
    .insertInto('reactions')
    .values({ conversation_id: conversation, seq, emoji, account_id: account })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** @returns whether there was one */
export async function deleteReaction(tx: Tx, reaction: ReactionRow): Promise<boolean> {
  const { conversation, seq, emoji, account } = reaction;
  const result = await tx
    .deleteFrom('reactions')
    .where('conversation_id', '=', conversation)
    .where('seq', '=', seq)
    .where('emoji', '=', emoji)
    .where('account_id', '=', account)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** How many different emoji stand under a message. */
export async function emojiUnder(executor: Executor, conversation: string, seq: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct emoji)::int as count from reactions
    where conversation_id = ${conversation} and seq = ${seq}`.execute(executor);
  return rows[0]?.count ?? 0;
}

export interface PlaceRow {
  muted_until: Date | null;
  pinned_at: Date | null;
  archived_at: Date | null;
  marked_unread: boolean;
}

/** Two devices that pin at the same moment are counted one after the other. */
export async function lockPins(tx: Tx, account: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('pins ' || ${account}, 0))`.execute(tx);
}

/** The place of one conversation, under its row's lock, and how many the account has pinned. */
export async function readPlace(
  tx: Tx,
  account: string,
  conversation: string,
): Promise<PlaceRow & { pins: number }> {
  return tx
    .selectFrom('members')
    .where('account_id', '=', account)
    .where('conversation_id', '=', conversation)
    .select(['muted_until', 'pinned_at', 'archived_at', 'marked_unread'])
    .select(
      sql<number>`(select count(*)::int from members p
        where p.account_id = ${account} and p.pinned_at is not null and p.state = 'active')`.as('pins'),
    )
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** @returns whether anything is different now; only then its version rises */
export async function writePlace(
  tx: Tx,
  account: string,
  conversation: string,
  { muted_until, pinned_at, archived_at, marked_unread }: PlaceRow,
): Promise<boolean> {
  const result = await sql`
    update members set muted_until = ${muted_until}::timestamptz, pinned_at = ${pinned_at}::timestamptz,
      archived_at = ${archived_at}::timestamptz, marked_unread = ${marked_unread}, version = version + 1
    where account_id = ${account} and conversation_id = ${conversation}
      and (muted_until, pinned_at, archived_at, marked_unread) is distinct from
        (${muted_until}::timestamptz, ${pinned_at}::timestamptz, ${archived_at}::timestamptz, ${marked_unread}::boolean)`.execute(
    tx,
  );
  return (result.numAffectedRows ?? 0n) > 0n;
}

/**
 * The first entry of a log that was written at an instant or later; its times rise with `seq`.
 * @returns null where all was written before
 */
export async function findAt(
  executor: Executor,
  conversation: string,
  log: { first: number; head: number },
  at: Date,
): Promise<number | null> {
  const { rows } = await sql<{ seq: number }>`
    with recursive search (low, high) as (
      select ${log.first}::int, ${log.head + 1}::int
      union all
      select case when e.created_at < ${at}::timestamptz then e.seq + 1 else s.low end,
        case when e.created_at < ${at}::timestamptz then s.high else e.seq end
      from search s
      join log_entries e on e.conversation_id = ${conversation} and e.seq = (s.low + s.high) / 2
      where s.low < s.high
    )
    select low as seq from search where low >= high`.execute(executor);
  const seq = rows[0]?.seq ?? log.head + 1;
  return seq > log.head ? null : seq;
}

/** Who of a conversation may see how far the account has read: both let that be seen, and nothing stands between them (BC-8). */
export async function receiptsTo(
  executor: Executor,
  conversation: string,
  account: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select o.account_id as id
    from conversations c
    join members me on me.conversation_id = c.id and me.account_id = ${account} and me.state = 'active'
    join members o on o.conversation_id = c.id and o.account_id <> ${account} and o.state = 'active'
    where c.id = ${conversation} and c.kind in ('direct', 'group') and c.people_count <= ${RECEIPTS_PEOPLE_MAX}
      and not exists (
        select from backchannel_choices b
        where b.account_id in (o.account_id, ${account}::uuid) and not b.receipts)
      and not exists (
        select from blocks b
        where (b.blocker_id = o.account_id and b.blocked_id = ${account})
          or (b.blocker_id = ${account} and b.blocked_id = o.account_id))`.execute(executor);
  return rows.map(row => row.id);
}
