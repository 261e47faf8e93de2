import { sql } from 'kysely';
import { type Database, type Executor, prepared, type Tx } from '../../../platform/db/index.ts';
import { messageWords } from '../life/words.ts';
import type { EntryRow, EventExtra, EventKind, MessageExtra } from '../rows.ts';

const columns = [
  'conversation_id',
  'seq',
  'id',
  'kind',
  'sender_id',
  'client_id',
  'text',
  'extra',
  'target_seq',
  'hidden_at',
  'previews',
  'created_at',
] as const;

/** The columns of an {@link EntryRow}, of the table that goes by the alias. */
export const entryColumns = (alias: string): string => columns.map(name => `${alias}.${name}`).join(', ');

/** Which part of a log. */
export interface LogPart {
  after?: number | undefined;
  before?: number | undefined;
  /** In the middle, where there is as much on both sides. */
  around?: number | undefined;
  limit: number;
}

/** A part of one log, oldest first: after a seq, before one, around one, or its end; never before `first`. */
export async function readLog(
  executor: Executor,
  conversation: string,
  { first, around, ...part }: LogPart & { first: number },
): Promise<EntryRow[]> {
  if (around !== undefined) {
    // The log has no gap: half of it before, the rest from there on.
    const after = around - 1 - Math.floor(part.limit / 2);
    return readLog(executor, conversation, { first, after, limit: part.limit });
  }
  const log = executor
    .selectFrom('log_entries')
    .where('conversation_id', '=', conversation)
    .where('seq', '>=', first)
    .select(columns)
    .$castTo<EntryRow>();
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
    select ${sql.raw(entryColumns('e'))}
    from unnest(
      ${stretches.map(s => s.conversation)}::uuid[],
      ${stretches.map(s => s.seq)}::int[],
      ${stretches.map(s => s.head)}::int[]) as s(conversation_id, seq, head)
    join log_entries e on e.conversation_id = s.conversation_id and e.seq > s.seq and e.seq <= s.head
    order by e.conversation_id, e.seq`.execute(executor);
  return rows;
}

/** Single entries, named by conversation and `seq`. */
export async function readEntries(
  executor: Executor,
  places: readonly { conversation: string; seq: number }[],
): Promise<EntryRow[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<EntryRow>`
    select ${sql.raw(entryColumns('e'))}
    from unnest(${places.map(p => p.conversation)}::uuid[], ${places.map(p => p.seq)}::int[]) as p(conversation_id, seq)
    join log_entries e on e.conversation_id = p.conversation_id and e.seq = p.seq`.execute(executor);
  return rows;
}

/**
 * Reactions to messages, in the order in which they were given; at most 50 names an emoji.
 * @param withheld whose are left out
 */
export async function readReactions(
  executor: Executor,
  places: readonly { conversation: string; seq: number }[],
  withheld: readonly string[],
): Promise<{ conversation_id: string; seq: number; emoji: string; count: number; accounts: string[] }[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<{
    conversation_id: string;
    seq: number;
    emoji: string;
    count: number;
    accounts: string[];
  }>`
    select r.conversation_id, r.seq, r.emoji, count(*)::int as count,
      (array_agg(r.account_id order by r.created_at, r.account_id))[1:50] as accounts
    from unnest(${places.map(p => p.conversation)}::uuid[], ${places.map(p => p.seq)}::int[]) as p(conversation_id, seq)
    join reactions r on r.conversation_id = p.conversation_id and r.seq = p.seq
    where r.account_id <> all(${withheld}::uuid[])
    group by r.conversation_id, r.seq, r.emoji
    order by r.conversation_id, r.seq, min(r.created_at), r.emoji`.execute(executor);
  return rows;
}

/** A message that is to be appended to the log of a conversation. */
export interface Draft {
  conversation: string;
  sender: string;
  clientId: string;
  text: string;
  extra: MessageExtra | null;
}

/** What became of a draft. */
export type Appended =
  | {
      outcome:
        | 'absent'
        | 'blocked'
        | 'reused'
        | 'unsettled'
        | 'frozen'
        | 'off'
        | 'reply_unknown'
        | 'attachment_unknown';
    }
  | { outcome: 'slow'; retry: number }
  | { outcome: 'silenced'; at: Date }
  | { outcome: 'repeated'; seq: number; id: string; at: Date }
  | Written;

export interface Written {
  outcome: 'written';
  seq: number;
  id: string;
  at: Date;
  kind: 'direct' | 'group' | 'room' | 'stage';
  room: string | null;
  /** Whom it goes to beside the sender; null in a room's talk, where a channel hears it. */
  others: string[] | null;
  /** From whom it is kept, for a block; of a room's talk the herald asks when it tells it. */
  withheld: string[] | null;
  /** The sender's read mark, where it moved, and whose screens may show it (BC-8). */
  readSeq: number | null;
  receipts: string[] | null;
}

/**
 * Appends drafts, one statement for all; outside a transaction it is one of its own, committed when this resolves. The
 * functions it calls (migration 008) take the locks of the conversations, so that `seq` has no gap (RT-3) and a `clientId`
 * is written once (RT-2).
 * @returns what became of each, in their order
 */
export async function appendMessages(
  db: Database | Tx,
  drafts: readonly (Draft & { id: string })[],
  at: Date,
): Promise<Appended[]> {
  const [only, ...others] = drafts;
  return only && others.length === 0 ? [await appendOne(db, only, at)] : appendMany(db, drafts, at);
}

/**
 * One alone, as most are: the function for many takes longer to start than this one to do it.
 * @param options.settled the caller holds the lock and knows that it is to be written though the other has not agreed
 */
export async function appendOne(
  db: Database | Tx,
  { conversation, sender, clientId, id, text, extra }: Draft & { id: string },
  at: Date,
  options: { settled?: boolean } = {},
): Promise<Appended> {
  const { rows } = await one.run<Appended>(db, [
    ...[conversation, sender, clientId, id, text, extra && JSON.stringify(extra), messageWords(text), at],
    options.settled ?? false,
  ]);
  return rows[0] ?? { outcome: 'absent' };
}

/** By the same rules, with a few statements for all of them (RT-10). */
export async function appendMany(
  db: Database | Tx,
  drafts: readonly (Draft & { id: string })[],
  at: Date,
): Promise<Appended[]> {
  const column = (name: 'conversation' | 'sender' | 'clientId' | 'id' | 'text') =>
    drafts.map(draft => draft[name]);
  const { rows } = await many.run<{ place: number } & Appended>(db, [
    ...[column('conversation'), column('sender'), column('clientId'), column('id'), column('text')],
    drafts.map(draft => draft.extra && JSON.stringify(draft.extra)),
    drafts.map(draft => messageWords(draft.text).join(' ')),
    at,
  ]);
  const appended: Appended[] = [];
  for (const { place, ...row } of rows) appended[place - 1] = row;
  return appended;
}

const results = 'outcome, seq, id, at, kind, room, others, withheld, read_seq as "readSeq", receipts, retry';
const one = prepared(
  'append_message',
  `select ${results} from append_message($1, $2, $3, $4, $5, $6, $7::text[], $8, $9)`,
);
const many = prepared(
  'append_many',
  `select place, ${results} from append_many($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[],
    $7::text[], $8)`,
);

/** Whether there is a message of this sender and client id. */
export async function wasWritten(
  db: Executor,
  { conversation, sender, clientId }: Pick<Draft, 'conversation' | 'sender' | 'clientId'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('log_entries')
    .select('seq')
    .where('conversation_id', '=', conversation)
    .where('sender_id', '=', sender)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Appends an entry that is no message, under the lock of its conversation (RT-3). */
export async function insertEvent<K extends EventKind>(
  tx: Tx,
  event: {
    conversation: string;
    kind: K;
    by: string | null;
    of: number | null;
    extra: EventExtra[K];
    at: Date;
  },
): Promise<EntryRow> {
  const { rows } = await sql<EntryRow>`
    with c as (
      update conversations set head = head + 1 where id = ${event.conversation} returning head
    )
    insert into log_entries as e (conversation_id, seq, kind, sender_id, text, extra, target_seq, created_at)
    select ${event.conversation}, c.head, ${event.kind}, ${event.by}, '', ${JSON.stringify(event.extra)}::jsonb,
      ${event.of}::int, ${event.at}::timestamptz
    from c
    returning ${sql.raw(entryColumns('e'))}`.execute(tx);
  const row = rows[0];
  if (!row) throw new Error('insertEvent: no such conversation');
  return row;
}
