import type { CallParsed, Calls, OwnReport } from '@sotto/protocol';
import { copyPicture, dropPicture, pictureOf } from '../../platform/images/index.ts';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { presentOwn } from './present.ts';
import { countOpen, findOpen, findReport, insertReport, ownReports } from './store.ts';

/** Reports that one sees of one's own. */
const OWN_MAX = 100;

type Body = CallParsed<Calls['POST /v1/reports']>['body'];

/**
 * What was said is kept as the reporter sees it now (BC-7), be it a group's name and picture. The same again, before it was
 * decided, is the same report. A block is made with it or not at all.
 */
export async function makeReport(context: Context, account: string, body: Body): Promise<OwnReport> {
  const { backchannel, graph } = context.ports;
  const { about, seq, group, entries, people } = await backchannel.evidence(
    account,
    body.conversation,
    body.seq,
  );
  const picture = group?.picture ? await copyPicture(context.blobs, group.picture) : null;
  const place = { by: account, about, conversation: body.conversation, seq };
  const transacted = context.transact(async work => {
    if (body.block) await graph.blockUnseen(work, account, about);
    const known = await findOpen(work.tx, place);
    if (known !== undefined) return { id: known, isNew: false };
    const { reason, note } = body;
    const id = await insertReport(work.tx, {
      ...place,
      reason,
      note,
      evidence: {
        entries,
        people,
        ...(group && { group: { title: group.title, picture: pictureOf(picture) } }),
      },
      at: context.now(),
    });
    await backchannel.markReported(work, place);
    await tellOpen(context, work);
    work.afterCommit(() => context.log.info({ report: id, reason }, 'reported'));
    return { id, isNew: true };
  });
  const { id, isNew } = await transacted.catch(async error => {
    await forget(context, picture);
    throw error;
  });
  if (!isNew) await forget(context, picture);
  const row = await findReport(context.db, id);
  const [own] = row ? await presentOwn(context, [row]) : [];
  if (!own) throw new Error('makeReport: it is gone');
  return own;
}

async function forget({ blobs, log }: Context, picture: string | null): Promise<void> {
  if (picture === null) return;
  await dropPicture(blobs, picture, error => log.warn({ err: error, picture }, 'picture file not deleted'));
}

export const listOwn = async (context: Context, account: string): Promise<OwnReport[]> =>
  presentOwn(context, await ownReports(context.db, account, OWN_MAX));

/** Admins see how many wait for them. */
export async function tellOpen({ ports }: Context, work: Work): Promise<void> {
  const accounts = await ports.accounts.admins(work.tx);
  const open = await countOpen(work.tx);
  work.emit({ kind: 'frame', to: { accounts }, frame: { type: 'reportsOpen', open } });
}
