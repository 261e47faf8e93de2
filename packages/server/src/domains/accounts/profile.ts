import type { CallParsed, Calls, Me } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { isViolation } from '../../platform/db/violation.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { cleanBio, cleanName, isReserved, searchWords } from './policy.ts';
import { emitMe } from './projections.ts';
import { findHandle, lockAccount, updateProfile } from './store.ts';

type Change = CallParsed<Calls['PATCH /v1/me']>['body'];

/** The change as it will be stored. */
export function checkProfile(change: Change): Change {
  const { handle, name, bio } = change;
  if (handle !== undefined && isReserved(handle)) throw refuse('handle_taken');
  const clean = name === undefined ? undefined : cleanName(name);
  if (clean === null) {
    const expected = 'a name of which something can be seen';
    throw refuse('invalid_input', { issues: [{ path: 'body.name', problem: 'format', expected }] });
  }
  return {
    ...(handle !== undefined && { handle }),
    ...(clean !== undefined && { name: clean }),
    ...(bio !== undefined && { bio: cleanBio(bio) }),
  };
}

export async function doChangeProfile(context: Context, viewer: Viewer, change: Change): Promise<Me> {
  try {
    return await context.transact(async work => {
      const account = await lockAccount(work.tx, viewer.account);
      if (!account) throw refuse('not_signed_in');
      const handle = change.handle ?? account.handle;
      const name = change.name ?? account.name;
      const bio = change.bio ?? account.bio;
      await updateProfile(work.tx, account.id, { handle, name, bio }, searchWords(handle, name));
      return emitMe(context, work, account.id);
    });
  } catch (error) {
    if (isViolation(error, 'unique', 'accounts_handle_key')) throw refuse('handle_taken');
    throw error;
  }
}

/** Whether the viewer could have this handle. One's own is free. */
export async function handleIsFree(context: Context, viewer: Viewer, handle: string): Promise<boolean> {
  if (isReserved(handle)) return false;
  const holder = await findHandle(context.db, handle);
  return holder === undefined || holder.id === viewer.account;
}
