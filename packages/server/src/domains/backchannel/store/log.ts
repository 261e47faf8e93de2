import { sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';
import type { EntryRow } from '../rows.ts';

const columns = [
  'conversation_id',
  'seq',
  'id',
  'kind',
  'sender_id',
  'client_id',
  'text',
  'created_at',
] as const;

/** A part of one log, oldest first: after a seq, before one, or its end. */
export async function readLog(
  executor: Executor,
  conversation: string,
  part: { after?: number | undefined; before?: number | undefined; limit: number },
): Promise<EntryRow[]> {
  const log = executor.selectFrom('log_entries').where('conversation_id', '=', conversation).select(columns);
  if (part.after !== undefined)
    return log.where('seq', '>', part.after).orderBy('seq').limit(part.limit).execute();
  const upTo = part.before === undefined ? log : log.where('seq', '<', part.before);
  return (await upTo.orderBy('seq', 'desc').limit(part.limit).execute()).reverse();
}

/** Several stretches at once: the entries of each conversation with `seq` in (`seq`, `head`]. In order. */
export async function readStretches(
  executor: Executor,
  stretches: readonly { conversation: string; seq: number; head: number }[],
): Promise<EntryRow[]> {
  if (stretches.length === 0) return [];
  const { rows } = await sql<EntryRow>`
    select e.conversation_id, e.seq, e.id, e.kind, e.sender_id, e.client_id, e.text, e.created_at
    from unnest(
      ${stretches.map(s => s.conversation)}::uuid[],
      ${stretches.map(s => s.seq)}::int[],
      ${stretches.map(s => s.head)}::int[]) as s(conversation_id, seq, head)
    join log_entries e on e.conversation_id = s.conversation_id and e.seq > s.seq and e.seq <= s.head
    order by e.conversation_id, e.seq`.execute(executor);
  return rows;
}

/** A message that is to be appended to the log of a conversation. */
export interface Draft {
  conversation: string;
  sender: string;
  clientId: string;
  text: string;
}

/**
 * Locks conversations until the transaction ends: their next `seq` is ours (RT-3). In the order of ids, so that two
 * transactions that want the same ones never wait for each other in a circle.
 * @returns each conversation's head
 */
export async function lockHeads(tx: Tx, conversations: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; head: number }>`
    select id, head from conversations where id = any(${conversations}::uuid[]) order by id for update`.execute(
    tx,
  );
  return new Map(rows.map(row => [row.id, row.head]));
}

/** What is known of a draft before it is written. */
export interface Standing {
  /** The other member; null where the sender is not a member, or the conversation does not exist. */
  other: string | null;
  /** The entry that was written before under this sender and `clientId` (RT-2). */
  written: EntryRow | null;
}

/** The standing of each draft, in their order. Under the lock of {@link lockHeads} it stays true. */
export async function readStandings(executor: Executor, drafts: readonly Draft[]): Promise<Standing[]> {
  const { rows } = await sql<{ other: string | null } & EntryRow>`
    select other.account_id as other,
      e.conversation_id, e.seq, e.id, e.kind, e.sender_id, e.client_id, e.text, e.created_at
    from unnest(
      ${drafts.map(d => d.conversation)}::uuid[],
      ${drafts.map(d => d.sender)}::uuid[],
      ${drafts.map(d => d.clientId)}::uuid[]) with ordinality as d(conversation_id, sender_id, client_id, place)
    left join members me on me.conversation_id = d.conversation_id and me.account_id = d.sender_id
    left join members other on other.conversation_id = me.conversation_id and other.account_id <> me.account_id
    left join log_entries e on e.conversation_id = me.conversation_id
      and e.sender_id = d.sender_id and e.client_id = d.client_id
    order by d.place`.execute(executor);
  return rows.map(({ other, ...entry }) => ({ other, written: entry.id === null ? null : entry }));
}

/**
 * Appends entries whose `seq` follow the locked heads, and moves the heads. A sender who had nothing of others unread
 * has read up to their own entry.
 * @returns the read marks that moved
 */
export async function append(
  tx: Tx,
  entries: readonly EntryRow[],
): Promise<{ conversation: string; account: string; readSeq: number }[]> {
  const { rows } = await sql<{ conversation: string; account: string; readSeq: number }>`
    with new as (
      select * from unnest(
        ${entries.map(e => e.conversation_id)}::uuid[], ${entries.map(e => e.seq)}::int[],
        ${entries.map(e => e.id)}::uuid[], ${entries.map(e => e.sender_id)}::uuid[],
        ${entries.map(e => e.client_id)}::uuid[], ${entries.map(e => e.text)}::text[],
        ${entries.map(e => e.created_at)}::timestamptz[])
      as n(conversation_id, seq, id, sender_id, client_id, text, created_at)
    ), written as (
      insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, created_at)
      select conversation_id, seq, id, 'message', sender_id, client_id, text, created_at from new
    ), moved as (
      update conversations c set head = n.head, last_entry_at = n.at
      from (select conversation_id, max(seq) as head, max(created_at) as at from new group by 1) n
      where c.id = n.conversation_id
    )
    update members m set read_seq = n.seq
    from (select conversation_id, sender_id, max(seq) as seq from new group by 1, 2) n
    where m.conversation_id = n.conversation_id and m.account_id = n.sender_id
      and not exists (select from log_entries e
        where e.conversation_id = n.conversation_id and e.seq > m.read_seq and e.sender_id <> n.sender_id)
      and not exists (select from new e
        where e.conversation_id = n.conversation_id and e.seq < n.seq and e.sender_id <> n.sender_id)
    returning m.conversation_id as conversation, m.account_id as account, m.read_seq as "readSeq"`.execute(
    tx,
  );
  return rows;
}
