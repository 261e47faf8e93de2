import { RECEIPTS_PEOPLE_MAX } from '@sotto/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';
import type { ConversationRow, EntryRow } from '../rows.ts';
import { entryColumns } from './log.ts';

/** A place in the inbox: pinned ones first, then by the time of the last message, then by id; the latest first. */
export interface InboxPlace {
  pinned: boolean;
  at: Date;
  id: string;
}

/** Who reads: their id, and everyone with whom they have a block. */
export interface Reader {
  account: string;
  blocked: ReadonlySet<string>;
}

/** Unread messages are counted up to so many. */
const UNREAD_MAX = 1000;
/** Entries in which the newest message to be shown in the inbox is looked for: all of them may be of somebody blocked. */
const LAST_AMONG = 1000;

/** States of a membership in which its account sees the conversation. */
const seenIn = ['new', 'active', 'request', 'invited'];

/** Messages of others after the read mark that the reader may see; in terms of `c` and `m`. */
export const unreadOf = (blocked: readonly string[]): RawBuilder<unknown> => sql`(
  select count(*)::int from (
    select from log_entries e
    where e.conversation_id = c.id and e.seq > greatest(m.read_seq, m.first_seq - 1) and e.kind = 'message'
      and e.sender_id <> m.account_id and (c.kind = 'direct' or e.sender_id <> all(${blocked}::uuid[]))
    limit ${UNREAD_MAX}
  ) capped)`;

/** `picked` says which conversations, in terms of `c` (conversations) and `m` (the reader's membership). */
const select = (
  executor: Executor,
  { account, blocked }: Reader,
  picked: RawBuilder<unknown>,
  states?: readonly string[],
): Promise<ConversationRow[]> =>
  selectFor(executor, blocked, sql`m.account_id = ${account} and ${picked}`, states);

/** The same for several readers, who all have a block with the same people. */
async function selectFor(
  executor: Executor,
  set: ReadonlySet<string>,
  picked: RawBuilder<unknown>,
  states: readonly string[] = seenIn,
): Promise<ConversationRow[]> {
  const blocked = [...set];
  const { rows } = await sql<ConversationRow>`
    select m.account_id as reader, c.id, c.kind, c.head, c.last_entry_at, c.title, c.picture, c.room_id, c.talk_on, c.slow_seconds, c.pinned_seq,
      c.frozen_at, c.people_count, m.state, m.role, m.first_seq, m.read_seq, m.version, m.muted_until, m.pinned_at,
      m.archived_at, m.marked_unread, ${unreadOf(blocked)} as unread,
      other.account_id as other_id, other.state as other_state, m.wrote_at as asked_at,
      coalesce(choices.who_may_write, 'everyone') as other_accepts,
      other.state <> 'active' and exists (
        select from follows f where f.follower_id = other.account_id and f.followee_id = m.account_id
      ) as followed,
      exists (select from blocks b where b.blocker_id = m.account_id and b.blocked_id = other.account_id) as blocking,
      g.faces, coalesce(g.blocked_inside, false) as blocked_inside,
      r.readers,
      (select to_json(l) from (
        select ${sql.raw(entryColumns('e'))} from log_entries e
        where e.conversation_id = c.id and e.seq <= c.last_seq and e.seq > c.last_seq - ${LAST_AMONG}
          and e.seq >= m.first_seq and e.kind = 'message'
          and (c.kind = 'direct' or e.sender_id <> all(${blocked}::uuid[]))
        order by e.seq desc limit 1
      ) l) as last
    from members m
    join conversations c on c.id = m.conversation_id
    left join members other
      on c.kind = 'direct' and other.conversation_id = m.conversation_id and other.account_id <> m.account_id
    left join backchannel_choices choices on choices.account_id = other.account_id
    left join lateral (
      select (array_agg(o.account_id order by o.joined_at, o.account_id)
          filter (where o.account_id <> m.account_id and o.account_id <> all(${blocked}::uuid[])))[1:4] as faces,
        bool_or(b.blocked_id is not null) as blocked_inside
      from members o
      left join blocks b on b.blocker_id = m.account_id and b.blocked_id = o.account_id
      where o.conversation_id = c.id and o.state = 'active'
    ) g on c.kind = 'group'
    left join lateral (
      select json_agg(json_build_object('account', o.account_id, 'seq', o.read_seq)
        order by o.account_id) as readers
      from members o
      left join backchannel_choices theirs on theirs.account_id = o.account_id
      left join backchannel_choices mine on mine.account_id = m.account_id
      where o.conversation_id = c.id and o.account_id <> m.account_id and o.state = 'active' and m.state = 'active'
        and coalesce(theirs.receipts, true) and coalesce(mine.receipts, true)
        and o.account_id <> all(${blocked}::uuid[])
    ) r on c.kind in ('direct', 'group') and c.people_count <= ${RECEIPTS_PEOPLE_MAX}
    where m.state = any(${states}::text[]) and ${picked}`.execute(executor);
  return rows.map(row => ({ ...row, last: row.last && revived(row.last) }));
}

/** JSON has no dates. */
const revived = (row: EntryRow): EntryRow => ({
  ...row,
  created_at: new Date(row.created_at),
  hidden_at: row.hidden_at && new Date(row.hidden_at),
});

export async function readConversation(
  executor: Executor,
  reader: Reader,
  conversation: string,
): Promise<ConversationRow | undefined> {
  return (await select(executor, reader, sql`c.id = ${conversation}`))[0];
}

/** One conversation as each of these members sees it, who all have a block with the same people. */
export const readForMembers = (
  executor: Executor,
  { accounts, blocked }: { accounts: readonly string[]; blocked: ReadonlySet<string> },
  conversation: string,
): Promise<ConversationRow[]> =>
  selectFor(
    executor,
    blocked,
    sql`c.id = ${conversation} and m.conversation_id = ${conversation} and m.account_id = any(${accounts}::uuid[])`,
  );

/** Those of the given that the account is in. @param states of the account's membership; those it sees by default */
export const readConversations = (
  executor: Executor,
  reader: Reader,
  ids: readonly string[],
  states?: readonly string[],
): Promise<ConversationRow[]> => select(executor, reader, sql`c.id = any(${ids}::uuid[])`, states);

type StateRow = Pick<
  ConversationRow,
  'id' | 'kind' | 'head' | 'state' | 'first_seq' | 'read_seq' | 'version'
>;

/** What is compared of those that a client names. */
export async function readStates(
  executor: Executor,
  account: string,
  ids: readonly string[],
): Promise<StateRow[]> {
  const { rows } = await sql<StateRow>`
    select c.id, c.kind, c.head, m.state, m.first_seq, m.read_seq, m.version
    from members m join conversations c on c.id = m.conversation_id
    where m.account_id = ${account} and m.conversation_id = any(${ids}::uuid[])
      and m.state = any(${seenIn}::text[])`.execute(executor);
  return rows;
}

/**
 * What stands in the inbox: what has been agreed to and in which something was written, or a group. A talk stands there
 * for who wrote in it.
 */
const listed = sql`m.state = 'active' and c.last_entry_at is not null
  and (c.kind in ('direct', 'group') or m.wrote_at is not null)`;
const order = sql`order by m.pinned_at is null, c.last_entry_at desc, c.id desc`;

/** A page of the inbox, or of the archive. */
export const readInbox = (
  executor: Executor,
  reader: Reader,
  options: { view: 'inbox' | 'archived'; after: InboxPlace | null; limit: number },
): Promise<ConversationRow[]> => {
  const { after } = options;
  const from = after
    ? sql`and (m.pinned_at is not null, c.last_entry_at, c.id)
        < (${after.pinned}, ${after.at}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const view = options.view === 'inbox' ? sql`m.archived_at is null` : sql`m.archived_at is not null`;
  return select(executor, reader, sql`${listed} and ${view} ${from} ${order} limit ${options.limit}`);
};

/** The latest conversations that are not among `named`. */
export const readUnnamed = (
  executor: Executor,
  reader: Reader,
  named: readonly string[],
  limit: number,
): Promise<ConversationRow[]> =>
  select(
    executor,
    reader,
    sql`${listed} and m.archived_at is null and c.id <> all(${named}::uuid[]) ${order} limit ${limit}`,
  );

/** The newest message after the reader's read mark that is in their view: theirs too, where they have answered. */
export async function readNewestUnread(
  executor: Executor,
  { account, blocked }: Reader,
  conversation: string,
): Promise<EntryRow | undefined> {
  // Lateral: the index is read back to the read mark, and no further.
  const { rows } = await sql<EntryRow>`
    select ${sql.raw(entryColumns('e'))}
    from members m join conversations c on c.id = m.conversation_id
    cross join lateral (
      select * from log_entries l
      where l.conversation_id = c.id and l.seq > greatest(m.read_seq, m.first_seq - 1) and l.kind = 'message'
        and (l.hidden_at is null or l.sender_id = m.account_id)
        and (c.kind = 'direct' or l.sender_id <> all(${[...blocked]}::uuid[]))
      order by l.seq desc limit 1
    ) e
    where m.conversation_id = ${conversation} and m.account_id = ${account}`.execute(executor);
  return rows[0];
}

export async function findDirect(executor: Executor, low: string, high: string): Promise<string | undefined> {
  const row = await executor
    .selectFrom('direct_conversations')
    .where('low_id', '=', low)
    .where('high_id', '=', high)
    .select('conversation_id')
    .executeTakeFirst();
  return row?.conversation_id;
}

/** Makes the conversation of two people. False if somebody else made it at the same time; nothing is left then. */
export async function insertDirect(tx: Tx, low: string, high: string): Promise<boolean> {
  const { id } = await tx
    .insertInto('conversations')
    .values({ kind: 'direct', people_count: 2 })
    .returning('id')
    .executeTakeFirstOrThrow();
  // Waits for a transaction that is inserting the same pair: exactly one of them gets a row (BC-1).
  const made = await tx
    .insertInto('direct_conversations')
    .values({ low_id: low, high_id: high, conversation_id: id })
    .onConflict(conflict => conflict.columns(['low_id', 'high_id']).doNothing())
    .returning('conversation_id')
    .executeTakeFirst();
  if (!made) {
    await tx.deleteFrom('conversations').where('id', '=', id).execute();
    return false;
  }
  await tx
    .insertInto('members')
    .values([
      { conversation_id: id, account_id: low },
      { conversation_id: id, account_id: high },
    ])
    .execute();
  return true;
}
