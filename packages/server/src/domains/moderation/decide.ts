import type { CallParsed, Calls, Report } from '@sotto/protocol';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { presentOwn } from './present.ts';
import { reportOf } from './queue.ts';
import { tellOpen } from './report.ts';
import { decide, findReport } from './store.ts';

type Decision = CallParsed<Calls['POST /v1/admin/reports/:report/decision']>['body'];

const HOUR = 3_600_000;
const HOURS_DEFAULT = 24;

/**
 * One decision for each report, and what it does in the same transaction; the reporter hears the outcome.
 * @throws Refusal `not_found`, `not_yourself`, `nothing_to_hide`, `report_decided`
 */
export async function decideReport(
  context: Context,
  admin: string,
  id: string,
  decision: Decision,
): Promise<Report> {
  await context.transact(async work => {
    const row = await findReport(work.tx, id);
    if (!row) throw refuse('not_found');
    if (row.about_id === admin) throw refuse('not_yourself');
    const { outcome, remark, answer } = decision;
    const hide = outcome === 'hidden' || decision.hide;
    if (hide && row.seq === null) throw refuse('nothing_to_hide');
    const at = context.now();
    if (!(await decide(work.tx, id, { outcome, by: admin, at, remark, answer })))
      throw refuse('report_decided');
    const { accounts, backchannel } = context.ports;
    if (hide && row.seq !== null) await backchannel.hide(work, row.conversation_id, row.seq);
    const until = new Date(at.getTime() + (decision.hours ?? HOURS_DEFAULT) * HOUR);
    if (outcome === 'silenced') await accounts.silence(work, row.about_id, until);
    if (outcome === 'suspended') await accounts.suspend(work, row.about_id, until);
    const decided = await findReport(work.tx, id);
    const [own] = decided ? await presentOwn(context, [decided], work.tx) : [];
    if (own)
      work.emit({ kind: 'frame', to: { accounts: [row.by_id] }, frame: { type: 'report', report: own } });
    await tellOpen(context, work);
    work.afterCommit(() => context.log.info({ report: id, outcome }, 'report decided'));
  });
  return reportOf(context, id);
}
