import { sql } from 'kysely';
import type { Database, Executor } from '../../../platform/db/index.ts';
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

/** What became of a draft. */
export type Appended =
  | { outcome: 'absent' | 'blocked' | 'reused' }
  | { outcome: 'repeated'; seq: number; id: string; at: Date }
  /** `readSeq`: the sender's read mark, where it moved. */
  | { outcome: 'written'; seq: number; id: string; at: Date; other: string; readSeq: number | null };

/**
 * Appends drafts, one statement for all: it is a transaction of its own, committed when this resolves. The function it
 * calls (migration 002) takes the lock of the conversation, so that `seq` has no gap (RT-3) and a `clientId` is written
 * once (RT-2).
 * @returns what became of each, in their order
 */
export async function appendMessages(
  db: Database,
  drafts: readonly (Draft & { id: string })[],
  at: Date,
): Promise<Appended[]> {
  // Locks are taken in the order of the rows: that of ids, so that two statements never wait for each other in a circle.
  const order = drafts
    .map((draft, place) => ({ draft, place }))
    .sort((a, b) => compare(a.draft.conversation, b.draft.conversation) || a.place - b.place);
  const column = (name: keyof Draft | 'id') => order.map(({ draft }) => draft[name]);
  const { rows } = await sql<{ place: number } & Appended>`
    select d.place::int, a.outcome, a.seq, a.id, a.at, a.other, a.read_seq as "readSeq"
    from unnest(
      ${column('conversation')}::uuid[], ${column('sender')}::uuid[], ${column('clientId')}::uuid[],
      ${column('id')}::uuid[], ${column('text')}::text[]) with ordinality
      as d(conversation_id, sender_id, client_id, id, text, place),
    append_message(d.conversation_id, d.sender_id, d.client_id, d.id, d.text, ${at}::timestamptz) a`.execute(
    db,
  );
  const appended: Appended[] = [];
  for (const { place, ...row } of rows) appended[order[place - 1]?.place ?? -1] = row;
  return appended;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
