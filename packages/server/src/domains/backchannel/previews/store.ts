import type { LinkPreview } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';

/** A message whose links are to be looked at. */
export interface Job {
  conversation: string;
  seq: number;
}

/** Jobs among which turns are given. */
const LOOKED_AT = 1000;

/**
 * Takes some that are due, so that no other node does until `again`: at most `each` of one sender, so that the slow links of
 * one keep nobody else waiting. A job whose node died comes up again, but not for ever: after `tries` it is dropped.
 */
export async function takeJobs(
  db: Executor,
  now: Date,
  options: { again: Date; tries: number; limit: number; each: number },
): Promise<Job[]> {
  const { rows } = await sql<Job & { tries: number }>`
    with waiting as (
      select j.conversation_id, j.seq, j.due_at,
        row_number() over (partition by e.sender_id order by j.due_at) as turn
      from (select * from link_jobs where due_at <= ${now} order by due_at limit ${LOOKED_AT}) j
      join log_entries e on e.conversation_id = j.conversation_id and e.seq = j.seq
    ), due as (
      select j.conversation_id, j.seq
      from link_jobs j join waiting w on w.conversation_id = j.conversation_id and w.seq = j.seq
      where w.turn <= ${options.each}
      order by w.turn, w.due_at limit ${options.limit} for update of j skip locked
    )
    update link_jobs j set due_at = ${options.again}, tries = j.tries + 1
    from due where j.conversation_id = due.conversation_id and j.seq = due.seq
    returning j.conversation_id as conversation, j.seq, j.tries`.execute(db);
  for (const job of rows.filter(row => row.tries > options.tries)) await dropJob(db, job);
  return rows.filter(row => row.tries <= options.tries);
}

export const dropJob = (db: Executor, { conversation, seq }: Job) =>
  db.deleteFrom('link_jobs').where('conversation_id', '=', conversation).where('seq', '=', seq).execute();

/**
 * The message of a job, with what telling of it needs. Absent where nothing may be fetched for it: what is a request still
 * (BC-23), was taken out of view, or has its previews.
 */
export async function readMessage(
  db: Executor,
  { conversation, seq }: Job,
): Promise<
  | {
      id: string;
      kind: 'direct' | 'group' | 'room' | 'stage';
      room: string | null;
      text: string;
      sender: string | null;
    }
  | undefined
> {
  const { rows } = await sql<{
    id: string;
    kind: 'direct' | 'group' | 'room' | 'stage';
    room: string | null;
    text: string;
    sender: string | null;
  }>`
    select c.id, c.kind, c.room_id as room, e.text, e.sender_id as sender
    from log_entries e join conversations c on c.id = e.conversation_id
    where e.conversation_id = ${conversation} and e.seq = ${seq}
      and e.kind = 'message' and e.previews is null and e.hidden_at is null and c.frozen_at is null
      and (c.kind <> 'direct' or not exists (
        select from members m where m.conversation_id = c.id and m.state <> 'active'))`.execute(db);
  return rows[0];
}

/** Whether they are now the message's; not if it has some, was taken out of view meanwhile, or the room is over. */
export async function setPreviews(
  tx: Tx,
  { conversation, seq }: Job,
  previews: readonly LinkPreview[],
): Promise<boolean> {
  // The lock of the log, as for every entry (RT-3).
  const open = await sql`
    select true from conversations where id = ${conversation} and frozen_at is null for update`.execute(tx);
  if (open.rows.length === 0) return false;
  const { rows } = await sql`
    update log_entries set previews = ${JSON.stringify(previews)}::jsonb
    where conversation_id = ${conversation} and seq = ${seq} and previews is null and hidden_at is null
    returning true`.execute(tx);
  return rows.length > 0;
}
