import type { Me, Person } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { pictureOf } from '../../platform/images/index.ts';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { isNewcomer } from './policy.ts';
import { addressesOf, findAccount, findJoined, findPeople } from './store.ts';

/** Absent and unfinished accounts are left out. */
export async function people(
  { db, now }: Context,
  ids: readonly string[],
  executor: Executor = db,
): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map();
  const at = now();
  const rows = await findPeople(executor, ids);
  return new Map(
    rows.map(row => [
      row.id,
      {
        id: row.id,
        handle: row.handle,
        name: row.name,
        picture: pictureOf(row.picture),
        newcomer: isNewcomer(row.created_at, at),
      },
    ]),
  );
}

/** Absent accounts are left out. */
export async function joinedAt(
  { db }: Context,
  ids: readonly string[],
  executor: Executor = db,
): Promise<Map<string, Date>> {
  const rows = ids.length === 0 ? [] : await findJoined(executor, ids);
  return new Map(rows.map(row => [row.id, row.created_at]));
}

export async function meOf({ db }: Context, account: string, executor: Executor = db): Promise<Me> {
  const row = await findAccount(executor, account);
  if (!row) throw new Error('meOf: no such account');
  return {
    id: row.id,
    handle: row.handle,
    name: row.name,
    bio: row.bio,
    picture: pictureOf(row.picture),
    admin: row.admin,
    complete: row.handle !== null && row.name !== null,
    addresses: await addressesOf(executor, account),
    createdAt: row.created_at.toISOString(),
  };
}

/** Tells all devices of the account what it has become in this transaction. */
export async function emitMe(context: Context, work: Work, account: string): Promise<Me> {
  const me = await meOf(context, account, work.tx);
  work.afterCommit(() => context.viewers.forgetAccount(account));
  work.emit({ kind: 'frame', to: { accounts: [account] }, frame: { type: 'me', me } });
  return me;
}
