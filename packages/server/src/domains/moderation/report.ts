import type { CallParsed, Calls, OwnReport } from '@sotto/protocol';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { presentOwn } from './present.ts';
import { countOpen, findOpen, findReport, insertReport, ownReports } from './store.ts';

/** Reports that one sees of one's own. */
const OWN_MAX = 100;

type Body = CallParsed<Calls['POST /v1/reports']>['body'];

/** What was said is kept as the reporter sees it now (BC-7). The same again, before it was decided, is the same report. */
export async function makeReport(context: Context, account: string, body: Body): Promise<OwnReport> {
  const { backchannel, graph } = context.ports;
  const { about, seq, entries, people } = await backchannel.evidence(account, body.conversation, body.seq);
  const place = { by: account, about, conversation: body.conversation, seq };
  const id = await context.transact(async work => {
    const known = await findOpen(work.tx, place);
    if (known !== undefined) return known;
    const { reason, note } = body;
    const made = await insertReport(work.tx, {
      ...place,
      reason,
      note,
      evidence: { entries, people },
      at: context.now(),
    });
    await backchannel.markReported(work, place);
    await tellOpen(context, work);
    work.afterCommit(() => context.log.info({ report: made, reason }, 'reported'));
    return made;
  });
  if (body.block) await graph.blockUnseen(account, about);
  const row = await findReport(context.db, id);
  const [own] = row ? await presentOwn(context, [row]) : [];
  if (!own) throw new Error('makeReport: it is gone');
  return own;
}

export const listOwn = async (context: Context, account: string): Promise<OwnReport[]> =>
  presentOwn(context, await ownReports(context.db, account, OWN_MAX));

/** Admins see how many wait for them. */
export async function tellOpen({ ports }: Context, work: Work): Promise<void> {
  const accounts = await ports.accounts.admins(work.tx);
  const open = await countOpen(work.tx);
  work.emit({ kind: 'frame', to: { accounts }, frame: { type: 'reportsOpen', open } });
}
