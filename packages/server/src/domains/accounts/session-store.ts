import { sql } from 'kysely';
import type { Database, Executor, Tx } from '../../platform/db/index.ts';

export const insertSession = (
  tx: Tx,
  session: { account_id: string; token_hash: Buffer; client: string },
  now: Date,
): Promise<{ id: string }> =>
  tx
    .insertInto('sessions')
    .values({ ...session, created_at: now, last_seen_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();

const viewers = (db: Executor) =>
  db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select(['sessions.id', 'sessions.account_id', 'sessions.last_seen_at', 'accounts.admin'])
    .select(eb =>
      eb
        .and([eb('accounts.handle', 'is not', null), eb('accounts.name', 'is not', null)])
        .$castTo<boolean>()
        .as('complete'),
    );

export const findByToken = (db: Executor, tokenHash: Buffer, since: Date) =>
  viewers(db)
    .where('sessions.token_hash', '=', tokenHash)
    .where('sessions.last_seen_at', '>', since)
    .executeTakeFirst();

export const findBySession = (db: Executor, session: string, since: Date) =>
  viewers(db)
    .where('sessions.id', '=', session)
    .where('sessions.last_seen_at', '>', since)
    .executeTakeFirst();

export const touchSession = (db: Executor, session: string, now: Date, before: Date) =>
  db
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('id', '=', session)
    .where('last_seen_at', '<', before)
    .execute();

export const listSessions = (db: Executor, account: string, since: Date) =>
  db
    .selectFrom('sessions')
    .select(['id', 'client', 'created_at', 'last_seen_at'])
    .where('account_id', '=', account)
    .where('last_seen_at', '>', since)
    .orderBy('last_seen_at', 'desc')
    .orderBy('id', 'desc')
    .execute();

export const aliveSessions = async (
  db: Executor,
  sessions: readonly string[],
  since: Date,
): Promise<string[]> =>
  (
    await db
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', sql<string>`any(${sessions}::uuid[])`)
      .where('last_seen_at', '>', since)
      .execute()
  ).map(row => row.id);

/** Ids of what was deleted: one of the account's sessions, all but one, or all. */
export const deleteSessions = async (
  tx: Tx,
  account: string,
  which: { only: string } | { except: string } | 'all',
): Promise<string[]> => {
  const own = tx.deleteFrom('sessions').where('account_id', '=', account).returning('id');
  const chosen =
    which === 'all'
      ? own
      : 'only' in which
        ? own.where('id', '=', which.only)
        : own.where('id', '<>', which.except);
  return (await chosen.execute()).map(row => row.id);
};

export const deleteUnusedSessions = async (tx: Tx, since: Date): Promise<string[]> =>
  (await tx.deleteFrom('sessions').where('last_seen_at', '<=', since).returning('id').execute()).map(
    row => row.id,
  );

export const insertTicket = (
  db: Database,
  ticket: { ticket_hash: Buffer; session_id: string; expires_at: Date },
) => db.insertInto('socket_tickets').values(ticket).execute();

/** Deletes what it returns: a ticket opens one socket. */
export const takeTicket = (db: Database, hash: Buffer) =>
  db
    .deleteFrom('socket_tickets')
    .where('ticket_hash', '=', hash)
    .returning(['session_id', 'expires_at'])
    .executeTakeFirst();

export const deleteOldTickets = (db: Database, now: Date) =>
  db.deleteFrom('socket_tickets').where('expires_at', '<=', now).execute();
