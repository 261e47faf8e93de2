import type { CallOutput, Calls, Evidence, LogEntry, Report } from '@sotto/protocol';
import { z } from 'zod';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { presentReports } from './present.ts';
import { countOpen, findReport, type QueuePlace, readEvidence, readQueue } from './store.ts';

export async function listReports(
  context: Context,
  page: { state: 'open' | 'closed'; after?: string | undefined; limit: number },
): Promise<CallOutput<Calls['GET /v1/admin/reports']>> {
  const after = page.after === undefined ? null : readCursor(page.after);
  const rows = await readQueue(context.db, { state: page.state, after, limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    reports: await presentReports(context, shown),
    next: last
      ? writeCursor({
          at: page.state === 'open' ? last.created_at : (last.decided_at ?? last.created_at),
          id: last.id,
        })
      : null,
    open: await countOpen(context.db),
  };
}

/** @throws Refusal `not_found` */
export async function reportOf(context: Context, id: string): Promise<Report> {
  const row = await findReport(context.db, id);
  const [report] = row ? await presentReports(context, [row]) : [];
  if (!report) throw refuse('not_found');
  return report;
}

export async function getReport(
  context: Context,
  id: string,
): Promise<CallOutput<Calls['GET /v1/admin/reports/:report']>> {
  const report = await reportOf(context, id);
  const evidence = await readEvidence(context.db, id);
  if (!evidence) throw refuse('not_found');
  const { silencedUntil, suspendedUntil } = await context.ports.accounts.standing(report.about.id);
  const now = context.now();
  const still = (until: Date | null) => (until && until > now ? until.toISOString() : null);
  return {
    report,
    evidence: await withFreshLinks(context, evidence),
    standing: {
      person: report.about,
      silencedUntil: still(silencedUntil),
      suspendedUntil: still(suspendedUntil),
    },
  };
}

/** The links of files end after some hours (BC-22); the files are kept, also of what was taken out of view since. */
async function withFreshLinks({ ports, db }: Context, evidence: Evidence): Promise<Evidence> {
  const ids = evidence.entries.flatMap(entry =>
    entry.kind === 'message' ? entry.message.attachments.map(file => file.id) : [],
  );
  if (ids.length === 0) return evidence;
  const fresh = await ports.files.present(ids, db);
  const entries = evidence.entries.map((entry): LogEntry => {
    if (entry.kind !== 'message') return entry;
    const attachments = entry.message.attachments.flatMap(file => fresh.get(file.id) ?? []);
    return { ...entry, message: { ...entry.message, attachments } };
  });
  return { ...evidence, entries };
}

const Place = z.tuple([z.int().min(0).max(8.64e15), z.uuid()]);

const writeCursor = ({ at, id }: QueuePlace): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

function readCursor(cursor: string): QueuePlace {
  const place = Place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!place.success)
    throw refuse('invalid_input', {
      issues: [{ path: 'query.after', problem: 'format', expected: '`next` of the page before' }],
    });
  const [at, id] = place.data;
  return { at: new Date(at), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
