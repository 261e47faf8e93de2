import type { OwnReport, Person, Report, ReportReason } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import type { Context } from './context.ts';
import type { ReportRow } from './store.ts';

const ownOf = (row: ReportRow, about: Person): OwnReport => ({
  id: row.id,
  at: row.created_at.toISOString(),
  reason: row.reason as ReportReason,
  about,
  outcome: row.outcome,
  decidedAt: row.decided_at?.toISOString() ?? null,
  answer: row.answer,
});

/** As those who made them see them: who decided, and what admins noted, is not in it. */
export async function presentOwn(
  { ports, db }: Context,
  rows: readonly ReportRow[],
  executor: Executor = db,
): Promise<OwnReport[]> {
  const known = await ports.accounts.people([...new Set(rows.map(row => row.about_id))], executor);
  return rows.flatMap(row => {
    const about = known.get(row.about_id);
    return about ? [ownOf(row, about)] : [];
  });
}

export async function presentReports({ ports, db }: Context, rows: readonly ReportRow[]): Promise<Report[]> {
  const ids = rows.flatMap(row => [row.about_id, row.by_id, ...(row.decided_by ? [row.decided_by] : [])]);
  const known = await ports.accounts.people([...new Set(ids)], db);
  return rows.flatMap(row => {
    const [about, by] = [known.get(row.about_id), known.get(row.by_id)];
    if (!about || !by) return [];
    return {
      ...ownOf(row, about),
      by,
      note: row.note,
      kind: row.kind,
      seq: row.seq,
      excerpt: row.excerpt,
      decidedBy: (row.decided_by && known.get(row.decided_by)) || null,
      remark: row.remark,
      hidden: row.hidden,
      earlier: row.earlier,
    };
  });
}
