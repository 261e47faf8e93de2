import type { AccountId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { deleteSessions } from './session-store.ts';
import { tellEnded } from './sessions.ts';
import { extendUntil, findStanding } from './store.ts';

/** Until when the account is kept from writing, and from signing in (PE-9). */
export async function standingOf(
  { db }: Context,
  account: AccountId,
): Promise<{ silencedUntil: Date | null; suspendedUntil: Date | null }> {
  const row = await findStanding(db, account);
  return { silencedUntil: row?.silenced_until ?? null, suspendedUntil: row?.suspended_until ?? null };
}

export const silence = (work: Work, account: AccountId, until: Date): Promise<unknown> =>
  extendUntil(work.tx, account, 'silenced_until', until);

/** All of its sessions end with the transaction, on every node (RT-9). */
export async function suspend(context: Context, work: Work, account: AccountId, until: Date): Promise<void> {
  await extendUntil(work.tx, account, 'suspended_until', until);
  tellEnded(context, work, await deleteSessions(work.tx, account, 'all'));
}

/** Part of signing in: holds the account as it stands until the session is there. @throws Refusal `suspended` */
export async function checkSuspension(executor: Executor, account: AccountId, now: Date): Promise<void> {
  const row = await findStanding(executor, account, { hold: true });
  if (row?.suspended_until && row.suspended_until > now)
    throw refuse('suspended', { until: row.suspended_until.toISOString() });
}
