import type { Relation } from '@sotto/protocol';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import { visibleOther } from './access.ts';
import type { Context } from './context.ts';
import { emitRelation, relation } from './relation.ts';
import { deleteBlock, deleteFollow, hasBlocked, insertBlock, insertFollow, lockPair } from './store.ts';

/** Both learn of it: the one who follows on all devices, and the other. Again is no error and no event. */
export const doFollow = (context: Context, viewer: string, account: string): Promise<Relation> =>
  context.transact(async work => {
    await lockPair(work.tx, viewer, account);
    await visibleOther(context, viewer, account, work.tx);
    // Someone you have blocked: end the block first, or nobody would know which of the two holds.
    if (await hasBlocked(work.tx, viewer, account)) throw refuse('not_found');
    if (!(await insertFollow(work.tx, viewer, account, context.now())))
      return relation(work.tx, viewer, account);
    await context.ports.onFollow?.(work, viewer, account);
    await emitRelation(work, account, viewer);
    return emitRelation(work, viewer, account);
  });

export const doUnfollow = (context: Context, viewer: string, account: string): Promise<Relation> =>
  context.transact(async work => {
    await lockPair(work.tx, viewer, account);
    await visibleOther(context, viewer, account, work.tx);
    if (!(await deleteFollow(work.tx, viewer, account))) return relation(work.tx, viewer, account);
    await context.ports.onFollow?.(work, viewer, account);
    await emitRelation(work, account, viewer);
    return emitRelation(work, viewer, account);
  });

/** Only the blocker's own devices are told; the blocked one is not to learn of it (PE-5). */
export const doBlock = (context: Context, viewer: string, account: string): Promise<Relation> =>
  context.transact(async work => {
    await lockPair(work.tx, viewer, account);
    await visibleOther(context, viewer, account, work.tx);
    return insert(context, work, viewer, account);
  });

/**
 * As part of a transaction, and also where the account has blocked the viewer: the viewer has them before their eyes, in what
 * they wrote.
 */
export async function blockUnseen(
  context: Context,
  work: Work,
  viewer: string,
  account: string,
): Promise<Relation> {
  await lockPair(work.tx, viewer, account);
  if (!(await hasBlocked(work.tx, account, viewer))) await visibleOther(context, viewer, account, work.tx);
  return insert(context, work, viewer, account);
}

async function insert(context: Context, work: Work, viewer: string, account: string): Promise<Relation> {
  if (!(await insertBlock(work.tx, viewer, account, context.now())))
    return relation(work.tx, viewer, account);
  await deleteFollow(work.tx, viewer, account);
  await deleteFollow(work.tx, account, viewer);
  await context.ports.onBlock(work, viewer, account);
  return emitRelation(work, viewer, account);
}

/** Works on whomever one has blocked, though they may have blocked back since and so are not found otherwise. */
export const doUnblock = (context: Context, viewer: string, account: string): Promise<Relation> =>
  context.transact(async work => {
    await lockPair(work.tx, viewer, account);
    if (await deleteBlock(work.tx, viewer, account)) {
      await context.ports.onUnblock?.(work, viewer, account);
      return emitRelation(work, viewer, account);
    }
    await visibleOther(context, viewer, account, work.tx);
    return relation(work.tx, viewer, account);
  });
