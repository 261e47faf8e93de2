import type { Person } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { findByHandle, hasBlocked } from './store.ts';

/** The person, to whom may see them. Absent, unfinished and those who blocked the viewer are not found alike. */
export async function visiblePerson(
  { db, accounts }: Context,
  viewer: string,
  account: string,
  executor: Executor = db,
): Promise<Person> {
  const person = (await accounts.people([account], executor)).get(account);
  if (!person || (await hasBlocked(executor, account, viewer))) throw refuse('not_found');
  return person;
}

/** Like {@link visiblePerson}, and not the viewer. */
export async function visibleOther(
  context: Context,
  viewer: string,
  account: string,
  executor?: Executor,
): Promise<Person> {
  if (account === viewer) throw refuse('not_yourself');
  return visiblePerson(context, viewer, account, executor);
}

export async function visibleByHandle(context: Context, viewer: string, handle: string) {
  const row = await findByHandle(context.db, handle);
  if (!row) throw refuse('not_found');
  const person = await visiblePerson(context, viewer, row.id);
  return { person, bio: row.bio, joinedAt: row.created_at.toISOString() };
}
