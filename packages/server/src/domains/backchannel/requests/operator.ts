import type { CallOutput, Calls } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor } from '../../../platform/db/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { InboxDeps } from '../inbox.ts';
import { hostsOf, wordsOf } from './rules.ts';

/** Accounts in the operator's table of who sends requests. */
const ACCOUNTS_MAX = 200;

type Rules = CallOutput<Calls['GET /v1/admin/rules']>;

/** Requests sent, accepted and reported per account (BC-18), the most sent first. */
export async function countRequests(
  { db, people, now }: InboxDeps,
  days: number,
): Promise<CallOutput<Calls['GET /v1/admin/requests']>> {
  const { rows } = await sql<{ id: string; sent: number; accepted: number; reported: number }>`
    select sender_id as id, count(*)::int as sent, (count(*) filter (where outcome = 'accepted'))::int as accepted,
      (count(*) filter (where reported))::int as reported
    from requests
    where sent_at > ${now()}::timestamptz - make_interval(days => ${days})
    group by sender_id
    order by sent desc, sender_id
    limit ${ACCOUNTS_MAX}`.execute(db);
  const known = await people.people(
    rows.map(row => row.id),
    db,
  );
  return {
    accounts: rows.flatMap(({ id, ...counts }) => {
      const person = known.get(id);
      return person ? [{ person, ...counts }] : [];
    }),
  };
}

/** Words and hosts that hold a request back on the whole server (BC-17). */
export async function readRules(executor: Executor): Promise<Rules> {
  const rows = await executor
    .selectFrom('operator_rules')
    .select(['kind', 'value'])
    .orderBy('kind')
    .orderBy('value')
    .execute();
  const of = (kind: 'word' | 'host') => rows.filter(row => row.kind === kind).map(row => row.value);
  return { words: of('word'), hosts: of('host') };
}

/** @throws Refusal `invalid_input` for what is no host */
export const checkRules = ({ words, hosts }: Rules): Rules => ({
  words: wordsOf(words),
  hosts: hostsOf(hosts, 'body.hosts'),
});

/** All of them anew. */
export const doChangeRules = (platform: Platform, { words, hosts }: Rules): Promise<Rules> =>
  platform.transact(async ({ tx, afterCommit }) => {
    await sql`lock table operator_rules in exclusive mode`.execute(tx);
    await tx.deleteFrom('operator_rules').execute();
    const rows = [
      ...words.map(value => ({ kind: 'word' as const, value })),
      ...hosts.map(value => ({ kind: 'host' as const, value })),
    ];
    if (rows.length > 0) await tx.insertInto('operator_rules').values(rows).execute();
    afterCommit(() => platform.log.info({ words: words.length, hosts: hosts.length }, 'rules changed'));
    return readRules(tx);
  });
