import type { Context } from './context.ts';
import { CODE_WINDOW } from './policy.ts';
import { deleteOldTickets } from './session-store.ts';
import { doEndUnusedSessions } from './sessions.ts';
import { deleteOldCodes } from './store.ts';

/** Deletes what is over anyway, so that the tables stay small. Nothing depends on when it runs. */
export async function sweep(context: Context): Promise<void> {
  const now = context.now();
  await deleteOldCodes(context.db, new Date(now.getTime() - CODE_WINDOW), now);
  await deleteOldTickets(context.db, now);
  await doEndUnusedSessions(context);
}
