import { type Selectable, sql } from 'kysely';
import type { Database, Executor, Schema, Tx } from '../../platform/db/index.ts';

export type Account = Omit<Selectable<Schema['accounts']>, 'search' | 'silenced_until' | 'suspended_until'>;

const columns = ['id', 'handle', 'name', 'bio', 'picture', 'admin', 'created_at'] as const;

export const findAccount = (db: Executor, id: string): Promise<Account | undefined> =>
  db.selectFrom('accounts').select(columns).where('id', '=', id).executeTakeFirst();

export const lockAccount = (tx: Tx, id: string): Promise<Account | undefined> =>
  tx.selectFrom('accounts').select(columns).where('id', '=', id).forUpdate().executeTakeFirst();

/** Only those whose profile is made. */
export const findPeople = (db: Executor, ids: readonly string[]) =>
  db
    .selectFrom('accounts')
    .select(['id', 'handle', 'name', 'picture', 'created_at'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('handle', 'is not', null)
    .where('name', 'is not', null)
    .$narrowType<{ handle: string; name: string }>()
    .execute();

export const findJoined = (db: Executor, ids: readonly string[]) =>
  db
    .selectFrom('accounts')
    .select(['id', 'created_at'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();

export const findStanding = (db: Executor, id: string, { hold = false }: { hold?: boolean } = {}) =>
  db
    .selectFrom('accounts')
    .select(['silenced_until', 'suspended_until'])
    .where('id', '=', id)
    .$if(hold, account => account.forShare())
    .executeTakeFirst();

/** A longer one stays as it is. */
export const extendUntil = (
  tx: Tx,
  id: string,
  column: 'silenced_until' | 'suspended_until',
  until: Date,
): Promise<unknown> =>
  tx
    .updateTable('accounts')
    .set({ [column]: sql`greatest(${sql.ref(column)}, ${until}::timestamptz)` })
    .where('id', '=', id)
    .execute();

export const findAdmins = async (db: Executor): Promise<string[]> =>
  (await db.selectFrom('accounts').select('id').where('admin', '=', true).execute()).map(row => row.id);

export const anyAccount = async (db: Executor): Promise<boolean> =>
  (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined;

export const addressesOf = (db: Executor, account: string) =>
  db
    .selectFrom('account_addresses')
    .select(['kind', 'address'])
    .where('account_id', '=', account)
    .orderBy('kind')
    .orderBy('address')
    .execute();

export const findByAddress = async (db: Executor, address: string): Promise<string | undefined> =>
  (
    await db
      .selectFrom('account_addresses')
      .select('account_id')
      .where('address', '=', address)
      .executeTakeFirst()
  )?.account_id;

/** Number of the advisory lock under which accounts come into being: only one can be the first. */
const FIRST_ACCOUNT_LOCK = 7_440_001;

/** A new account, the admin if it is the first of all (PE-1). */
export async function insertAccount(
  tx: Tx,
  address: { kind: 'email' | 'phone'; address: string },
  now: Date,
): Promise<string> {
  await sql`select pg_advisory_xact_lock(${FIRST_ACCOUNT_LOCK}::bigint)`.execute(tx);
  const { id } = await tx
    .insertInto('accounts')
    .values(eb => ({
      admin: eb.not(eb.exists(eb.selectFrom('accounts').select('id'))),
      created_at: now,
    }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('account_addresses')
    .values({ ...address, account_id: id })
    .execute();
  return id;
}

export const updateProfile = (
  tx: Tx,
  id: string,
  profile: { handle: string | null; name: string | null; bio: string },
  words: readonly string[],
) =>
  tx
    .updateTable('accounts')
    .set({ ...profile, search: sql<string>`array_to_tsvector(${words}::text[])` })
    .where('id', '=', id)
    .execute();

export const updatePicture = (tx: Tx, id: string, picture: string | null) =>
  tx.updateTable('accounts').set({ picture }).where('id', '=', id).execute();

export const findHandle = (db: Executor, handle: string) =>
  db.selectFrom('accounts').select('id').where('handle', '=', handle).executeTakeFirst();

/**
 * Puts a new code in the place of the old one.
 * @returns since when the window of an hour runs that is full, or null where the code was stored
 */
export async function storeCode(
  db: Database,
  code: { address: string; hash: Buffer; tries: number; expiresAt: Date },
  limit: { max: number; windowStart: Date; now: Date },
): Promise<Date | null> {
  const stored = await db
    .insertInto('sign_in_codes')
    .values({
      address: code.address,
      code_hash: code.hash,
      tries_left: code.tries,
      expires_at: code.expiresAt,
      sent_since: limit.now,
    })
    .onConflict(conflict =>
      conflict
        .column('address')
        .doUpdateSet(eb => ({
          code_hash: eb.ref('excluded.code_hash'),
          tries_left: eb.ref('excluded.tries_left'),
          expires_at: eb.ref('excluded.expires_at'),
          sent: sql<number>`case when sign_in_codes.sent_since <= ${limit.windowStart} then 1 else sign_in_codes.sent + 1 end`,
          sent_since: sql<Date>`case when sign_in_codes.sent_since <= ${limit.windowStart} then ${limit.now} else sign_in_codes.sent_since end`,
        }))
        .where(eb =>
          eb.or([
            eb('sign_in_codes.sent_since', '<=', limit.windowStart),
            eb('sign_in_codes.sent', '<', limit.max),
          ]),
        ),
    )
    .returning('address')
    .executeTakeFirst();
  if (stored) return null;
  const full = await db
    .selectFrom('sign_in_codes')
    .select('sent_since')
    .where('address', '=', code.address)
    .executeTakeFirst();
  return full?.sent_since ?? limit.now;
}

/** Takes one of the tries of the waiting code; undefined if none is waiting. */
export const takeTry = (db: Database, address: string, now: Date) =>
  db
    .updateTable('sign_in_codes')
    .set(eb => ({ tries_left: eb('tries_left', '-', 1) }))
    .where('address', '=', address)
    .where('tries_left', '>', 0)
    .where('expires_at', '>', now)
    .returning(['code_hash', 'tries_left'])
    .executeTakeFirst();

const used = Buffer.alloc(0);

/** True for exactly one of those who come with the same code. */
export const useCode = async (tx: Tx, address: string, hash: Buffer): Promise<boolean> =>
  (
    await tx
      .updateTable('sign_in_codes')
      .set({ code_hash: used, tries_left: 0 })
      .where('address', '=', address)
      .where('code_hash', '=', hash)
      .executeTakeFirst()
  ).numUpdatedRows > 0n;

export const deleteOldCodes = (db: Database, windowStart: Date, now: Date) =>
  db
    .deleteFrom('sign_in_codes')
    .where('sent_since', '<=', windowStart)
    .where('expires_at', '<=', now)
    .execute();
