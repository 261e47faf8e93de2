import type { PushChoices } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Database, Executor, Tx } from '../../platform/db/index.ts';

export interface Subscription {
  id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  retry_at: Date | null;
  failures: number;
}

/** One subscription a session, and one session a browser: whoever signed in there last. */
export async function replaceSubscription(
  tx: Tx,
  mine: { account: string; session: string; endpoint: string; p256dh: string; auth: string; now: Date },
): Promise<void> {
  // One after the other: two tabs that subscribe at once are one device, and two sessions may name one browser.
  await sql`select pg_advisory_xact_lock(hashtextextended('push subscriptions', 0))`.execute(tx);
  await tx
    .deleteFrom('push_subscriptions')
    .where(eb => eb.or([eb('session_id', '=', mine.session), eb('endpoint', '=', mine.endpoint)]))
    .execute();
  await tx
    .insertInto('push_subscriptions')
    .values({
      account_id: mine.account,
      session_id: mine.session,
      endpoint: mine.endpoint,
      p256dh: mine.p256dh,
      auth: mine.auth,
      created_at: mine.now,
    })
    .execute();
}

export const deleteOfSession = (db: Executor, session: string) =>
  db.deleteFrom('push_subscriptions').where('session_id', '=', session).execute();

export const deleteSubscription = (db: Executor, id: string) =>
  db.deleteFrom('push_subscriptions').where('id', '=', id).execute();

export const readSubscriptions = (db: Executor, account: string): Promise<Subscription[]> =>
  db
    .selectFrom('push_subscriptions')
    .select(['id', 'endpoint', 'p256dh', 'auth', 'retry_at', 'failures'])
    .where('account_id', '=', account)
    .orderBy('id')
    .execute();

/** How the last push to it went; `retryAt` null: well. */
export const noteOutcome = (db: Executor, id: string, failures: number, retryAt: Date | null) =>
  db.updateTable('push_subscriptions').set({ failures, retry_at: retryAt }).where('id', '=', id).execute();

export async function readChoices(db: Executor, account: string): Promise<PushChoices> {
  const row = await db
    .selectFrom('push_choices')
    .selectAll()
    .where('account_id', '=', account)
    .executeTakeFirst();
  if (!row) return { direct: true, groups: true, mentions: true, quiet: null, hideText: false };
  const { direct, groups, mentions, quiet_from, quiet_to, quiet_zone, hide_text: hideText } = row;
  const quiet =
    quiet_from === null || quiet_to === null || quiet_zone === null
      ? null
      : { from: clockOf(quiet_from), to: clockOf(quiet_to), timeZone: quiet_zone };
  return { direct, groups, mentions, quiet, hideText };
}

/** Only what is given: two changes at the same moment are both kept. */
export async function writeChoices(
  tx: Tx,
  account: string,
  changes: { [K in keyof PushChoices]?: PushChoices[K] | undefined },
): Promise<void> {
  const { direct, groups, mentions, quiet, hideText } = changes;
  const values = {
    ...(direct !== undefined && { direct }),
    ...(groups !== undefined && { groups }),
    ...(mentions !== undefined && { mentions }),
    ...(quiet !== undefined && {
      quiet_from: quiet && minutesOf(quiet.from),
      quiet_to: quiet && minutesOf(quiet.to),
      quiet_zone: quiet?.timeZone ?? null,
    }),
    ...(hideText !== undefined && { hide_text: hideText }),
  };
  if (Object.keys(values).length === 0) return;
  await tx
    .insertInto('push_choices')
    .values({ account_id: account, ...values })
    .onConflict(conflict => conflict.column('account_id').doUpdateSet(values))
    .execute();
}

const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** What is to be told of one conversation to one account. */
export interface Owed {
  account: string;
  conversation: string;
  seq: number;
  mentioned: boolean;
  tries: number;
  /** Subscriptions that have it already. */
  sentTo: string[];
  /** What they have: the newest message they were told of, or `CLEARED`; null: nothing yet. */
  sentSeq: number | null;
}

/** In the place of a message's number: what was shown has been taken away. */
export const CLEARED = 0;

/** Takes some that are due, so that no other node does until `again`; should this one die, they come up then. */
export async function takeOwed(db: Executor, now: Date, again: Date, limit: number): Promise<Owed[]> {
  const { rows } = await sql<Owed>`
    with due as (
      select account_id, conversation_id from push_owed where due_at <= ${now}
      order by due_at limit ${limit} for update skip locked
    )
    update push_owed o set due_at = ${again}, tries = o.tries + 1
    from due where o.account_id = due.account_id and o.conversation_id = due.conversation_id
    returning o.account_id as account, o.conversation_id as conversation, o.seq, o.mentioned, o.tries,
      o.sent_to as "sentTo", o.sent_seq as "sentSeq"`.execute(db);
  return rows;
}

/**
 * It is done, unless something came meanwhile: a newer message, or it was read or taken out of view after a notification went
 * out. Then it is due again at `next`.
 */
export async function settleOwed(db: Database, owed: Owed, next: Date): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('push_owed')
    .where('account_id', '=', owed.account)
    .where('conversation_id', '=', owed.conversation)
    .where('seq', '=', owed.seq)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('push_shown as s')
            .innerJoin('members as m', join =>
              join
                .onRef('m.account_id', '=', 's.account_id')
                .onRef('m.conversation_id', '=', 's.conversation_id'),
            )
            .where('s.account_id', '=', owed.account)
            .where('s.conversation_id', '=', owed.conversation)
            .where(eb => eb.or([eb('m.read_seq', '>=', eb.ref('s.seq')), eb('s.gone', '=', true)]))
            .select('s.seq'),
        ),
      ),
    )
    .executeTakeFirst();
  if (numDeletedRows === 0n)
    await db
      .updateTable('push_owed')
      .set({ due_at: next, tries: 0, sent_to: [], sent_seq: null })
      .where('account_id', '=', owed.account)
      .where('conversation_id', '=', owed.conversation)
      .execute();
}

/** Again at `at`, for those that do not have it yet; a message that came meanwhile does not wait with it. */
export const postponeOwed = (db: Executor, owed: Owed, at: Date, now: Date) =>
  sql`update push_owed set due_at = case when seq = ${owed.seq} then ${at}::timestamptz else ${now}::timestamptz end,
      tries = ${owed.tries}, sent_to = ${owed.sentTo}::uuid[], sent_seq = ${owed.sentSeq}
    where account_id = ${owed.account} and conversation_id = ${owed.conversation}`.execute(db);

/** Milliseconds for which whoever takes it has it; due later is only what waits. */
export const LEASE = 60_000;

/** What of an account waits for the end of its quiet hours is looked at again now: they have been changed. */
export const bringForward = (db: Executor, account: string, now: Date) =>
  db
    .updateTable('push_owed')
    .set({ due_at: now })
    .where('account_id', '=', account)
    .where('due_at', '>', new Date(now.getTime() + LEASE))
    .execute();

export const readShown = (db: Executor, account: string, conversation: string) =>
  db
    .selectFrom('push_shown')
    .select(['seq', 'gone'])
    .where('account_id', '=', account)
    .where('conversation_id', '=', conversation)
    .executeTakeFirst();

/** A notification is about to be on screen somewhere. */
export const noteShown = (db: Executor, account: string, conversation: string, seq: number) =>
  sql`insert into push_shown (account_id, conversation_id, seq) values (${account}, ${conversation}, ${seq})
    on conflict (account_id, conversation_id) do update set gone = false,
      seq = case when push_shown.gone then excluded.seq else greatest(push_shown.seq, excluded.seq) end`.execute(
    db,
  );

export const forgetShown = (db: Executor, account: string, conversation: string, upTo: number) =>
  db
    .deleteFrom('push_shown')
    .where('account_id', '=', account)
    .where('conversation_id', '=', conversation)
    .where('seq', '<=', upTo)
    .execute();

/** What is read or not to be seen any more, and could not be taken away from everywhere, is left. */
export const forgetStale = (db: Executor, account: string, conversation: string) =>
  sql`delete from push_shown s where s.account_id = ${account} and s.conversation_id = ${conversation}
    and (s.gone or exists (
      select from members m
      where m.account_id = s.account_id and m.conversation_id = s.conversation_id and m.read_seq >= s.seq))`.execute(
    db,
  );

/**
 * What was read, or taken out of view, in the very moment its notification went out: the triggers did not see it yet. Nor do
 * they touch what waits, for the end of quiet hours or for a push service: what is shown goes away now, if it is gone, or all that
 * waits is read; unless only a service is waited for that is to take it away.
 */
export async function sweepShown(db: Database, now: Date): Promise<void> {
  await sql`update push_shown s set gone = true
    where not s.gone and exists (
      select from log_entries e
      where e.conversation_id = s.conversation_id and e.seq = s.seq
        and (e.hidden_at is not null or exists (
          select from blocks b where b.blocker_id = s.account_id and b.blocked_id = e.sender_id)))`.execute(
    db,
  );
  await sql`insert into push_owed (account_id, conversation_id, seq, due_at)
    select s.account_id, s.conversation_id, s.seq, '-infinity'
    from push_shown s
    join members m on m.account_id = s.account_id and m.conversation_id = s.conversation_id
    where m.read_seq >= s.seq or s.gone
    on conflict (account_id, conversation_id) do update set due_at = excluded.due_at
      where push_owed.due_at > ${new Date(now.getTime() + LEASE)}
        and exists (select from members r
          left join push_shown n on n.account_id = r.account_id and n.conversation_id = r.conversation_id
          where r.account_id = push_owed.account_id and r.conversation_id = push_owed.conversation_id
            and (push_owed.sent_seq is null or push_owed.sent_seq = n.seq)
            and (r.read_seq >= push_owed.seq or n.gone))`.execute(db);
}
