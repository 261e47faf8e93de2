import { type RawBuilder, sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';
import type { ConversationRow } from '../rows.ts';

/** A place in the inbox, which is ordered by the time of the last entry, then by id; the latest first. */
export interface InboxPlace {
  at: Date;
  id: string;
}

type FlatRow = Omit<ConversationRow, 'last'> & {
  last_id: string | null;
  last_kind: 'message';
  last_sender: string;
  last_client: string;
  last_text: string;
  last_at: Date;
};

/** `picked` says which conversations, in terms of `c` (conversations) and `m` (the viewer's membership). */
async function select(
  executor: Executor,
  account: string,
  picked: RawBuilder<unknown>,
): Promise<ConversationRow[]> {
  const { rows } = await sql<FlatRow>`
    select c.id, c.kind, c.head, c.last_entry_at, m.read_seq, other.account_id as other_id,
      (select count(*)::int from log_entries e
        where e.conversation_id = c.id and e.seq > m.read_seq and e.sender_id <> m.account_id) as unread,
      l.id as last_id, l.kind as last_kind, l.sender_id as last_sender, l.client_id as last_client,
      l.text as last_text, l.created_at as last_at
    from members m
    join conversations c on c.id = m.conversation_id
    join members other on other.conversation_id = m.conversation_id and other.account_id <> m.account_id
    left join log_entries l on l.conversation_id = c.id and l.seq = c.head
    where m.account_id = ${account} and ${picked}`.execute(executor);
  return rows.map(unflatten);
}

const unflatten = (row: FlatRow): ConversationRow => ({
  id: row.id,
  kind: row.kind,
  head: row.head,
  last_entry_at: row.last_entry_at,
  read_seq: row.read_seq,
  other_id: row.other_id,
  unread: row.unread,
  last:
    row.last_id === null
      ? null
      : {
          conversation_id: row.id,
          seq: row.head,
          id: row.last_id,
          kind: row.last_kind,
          sender_id: row.last_sender,
          client_id: row.last_client,
          text: row.last_text,
          created_at: row.last_at,
        },
});

export async function readConversation(
  executor: Executor,
  account: string,
  conversation: string,
): Promise<ConversationRow | undefined> {
  return (await select(executor, account, sql`c.id = ${conversation}`))[0];
}

/** Those of the given that the account is in. */
export const readConversations = (
  executor: Executor,
  account: string,
  ids: readonly string[],
): Promise<ConversationRow[]> => select(executor, account, sql`c.id = any(${ids}::uuid[])`);

/** A page of the inbox: conversations in which something was written. */
export const readInbox = (
  executor: Executor,
  account: string,
  options: { after: InboxPlace | null; limit: number },
): Promise<ConversationRow[]> => {
  const from = options.after
    ? sql`and (c.last_entry_at, c.id) < (${options.after.at}::timestamptz, ${options.after.id}::uuid)`
    : sql``;
  return select(
    executor,
    account,
    sql`c.head > 0 ${from} order by c.last_entry_at desc, c.id desc limit ${options.limit}`,
  );
};

/** The latest conversations that are not among `named`. */
export const readUnnamed = (
  executor: Executor,
  account: string,
  named: readonly string[],
  limit: number,
): Promise<ConversationRow[]> =>
  select(
    executor,
    account,
    sql`c.head > 0 and c.id <> all(${named}::uuid[]) order by c.last_entry_at desc, c.id desc limit ${limit}`,
  );

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
    .values({ kind: 'direct' })
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
