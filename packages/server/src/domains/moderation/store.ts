import type { ConversationKind, Evidence } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor, Tx } from '../../platform/db/index.ts';

type Outcome = 'dismissed' | 'hidden' | 'silenced' | 'suspended';

/** A report as it is stored, but for its evidence. */
export interface ReportRow {
  id: string;
  by_id: string;
  about_id: string;
  conversation_id: string;
  kind: ConversationKind;
  seq: number | null;
  reason: string;
  note: string;
  created_at: Date;
  outcome: Outcome | null;
  decided_by: string | null;
  decided_at: Date | null;
  remark: string;
  answer: string;
  /** The text of the reported message, shortened. */
  excerpt: string;
  /** Whether the message is out of view by now. */
  hidden: boolean;
  /** Reports about the same person before this one. */
  earlier: number;
}

/** Characters of what was reported in the list. */
const EXCERPT_MAX = 160;

const columns = sql`r.id, r.by_id, r.about_id, r.conversation_id, c.kind, r.seq, r.reason, r.note,
  date_trunc('milliseconds', r.created_at) as created_at, r.outcome, r.decided_by,
  date_trunc('milliseconds', r.decided_at) as decided_at, r.remark, r.answer,
  coalesce((
    select left(e -> 'message' ->> 'text', ${EXCERPT_MAX}::int) from jsonb_array_elements(r.evidence -> 'entries') e
    where (e ->> 'seq')::int = r.seq
  ), left(r.evidence -> 'group' ->> 'title', ${EXCERPT_MAX}::int), '') as excerpt,
  exists (
    select from log_entries l
    where l.conversation_id = r.conversation_id and l.seq = r.seq and l.hidden_at is not null
  ) as hidden,
  (select count(*)::int from reports o where o.about_id = r.about_id and (o.created_at, o.id) < (r.created_at, r.id))
    as earlier`;

export async function insertReport(
  tx: Tx,
  report: {
    by: string;
    about: string;
    conversation: string;
    seq: number | null;
    reason: string;
    note: string;
    evidence: Evidence;
    at: Date;
  },
): Promise<string> {
  const { id } = await tx
    .insertInto('reports')
    .values({
      by_id: report.by,
      about_id: report.about,
      conversation_id: report.conversation,
      seq: report.seq,
      reason: report.reason,
      note: report.note,
      evidence: JSON.stringify(report.evidence),
      created_at: report.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** One of the same person about the same that nobody has decided yet. */
export async function findOpen(
  executor: Executor,
  report: { by: string; about: string; conversation: string; seq: number | null },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id from reports
    where by_id = ${report.by} and about_id = ${report.about} and conversation_id = ${report.conversation}
      and seq is not distinct from ${report.seq}::int and outcome is null
    limit 1`.execute(executor);
  return rows[0]?.id;
}

export async function findReport(executor: Executor, id: string): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`
    select ${columns} from reports r join conversations c on c.id = r.conversation_id where r.id = ${id}`.execute(
    executor,
  );
  return rows[0];
}

/** Of the account's own, the newest first. */
export async function ownReports(executor: Executor, account: string, limit: number): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`
    select ${columns} from reports r join conversations c on c.id = r.conversation_id
    where r.by_id = ${account} order by r.created_at desc, r.id desc limit ${limit}`.execute(executor);
  return rows;
}

/** Where a page of the queue ended. */
export interface QueuePlace {
  at: Date;
  id: string;
}

/** Open ones oldest first, closed ones latest first. */
export async function readQueue(
  executor: Executor,
  query: { state: 'open' | 'closed'; after: QueuePlace | null; limit: number },
): Promise<ReportRow[]> {
  const { after, state } = query;
  const at = sql.raw(
    state === 'open'
      ? "date_trunc('milliseconds', r.created_at)"
      : "date_trunc('milliseconds', r.decided_at)",
  );
  const from = after
    ? state === 'open'
      ? sql`and (${at}, r.id) > (${after.at}::timestamptz, ${after.id}::uuid)`
      : sql`and (${at}, r.id) < (${after.at}::timestamptz, ${after.id}::uuid)`
    : sql``;
  const order = sql.raw(state === 'open' ? '' : 'desc');
  const { rows } = await sql<ReportRow>`
    select ${columns} from reports r join conversations c on c.id = r.conversation_id
    where ${state === 'open' ? sql`r.outcome is null` : sql`r.outcome is not null`} ${from}
    order by ${at} ${order}, r.id ${order}
    limit ${query.limit}`.execute(executor);
  return rows;
}

export async function countOpen(executor: Executor): Promise<number> {
  const row = await executor
    .selectFrom('reports')
    .where('outcome', 'is', null)
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function readEvidence(executor: Executor, id: string): Promise<Evidence | undefined> {
  const row = await executor.selectFrom('reports').where('id', '=', id).select('evidence').executeTakeFirst();
  return row?.evidence as Evidence | undefined;
}

/** True for exactly one of those who decide it at the same time. */
export async function decide(
  tx: Tx,
  id: string,
  decision: { outcome: Outcome; by: string; at: Date; remark: string; answer: string },
): Promise<boolean> {
  const result = await tx
    .updateTable('reports')
    .set({
      outcome: decision.outcome,
      decided_by: decision.by,
      decided_at: decision.at,
      remark: decision.remark,
      answer: decision.answer,
    })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
