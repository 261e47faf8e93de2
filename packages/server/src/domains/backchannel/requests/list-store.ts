import { sql } from 'kysely';
import type { Executor } from '../../../platform/db/index.ts';

/** Where a page of requests ended. */
export interface RequestPlace {
  mutual: number;
  at: Date;
  id: string;
}

/** What waits for somebody's yes, and who asks. */
export interface RequestRow {
  /** Of the conversation. */
  id: string;
  from: string;
  sentAt: Date;
  /** How many whom the viewer follows follow them, and up to 3 of those. */
  mutual: number;
  near: string[];
}

export async function readRequests(
  executor: Executor,
  account: string,
  query: { states: readonly string[]; conversation?: string; after: RequestPlace | null; limit: number },
): Promise<RequestRow[]> {
  const { after, conversation } = query;
  const { rows } = await sql<RequestRow>`
    select r.id, r."from", r.sent_at as "sentAt", r.mutual, r.near
    from (
      select m.conversation_id as id, a.from_id as "from", near.mutual, coalesce(near.near, '{}') as near,
        date_trunc('milliseconds', coalesce(
          (
            select max(q.sent_at) from requests q
            where q.conversation_id = m.conversation_id and q.recipient_id = m.account_id
          ),
          m.state_at
        )) as sent_at
      from members m
      join conversations c on c.id = m.conversation_id
      left join members other
        on c.kind = 'direct' and other.conversation_id = m.conversation_id and other.account_id <> m.account_id
      cross join lateral (select coalesce(other.account_id, m.invited_by) as from_id) a
      cross join lateral (
        select count(*)::int as mutual, (array_agg(f.followee_id order by t.created_at desc, t.follower_id))[1:3] as near
        from follows f
        join follows t on t.follower_id = f.followee_id and t.followee_id = a.from_id
        where f.follower_id = m.account_id
      ) near
      where m.account_id = ${account} and m.state = any(${query.states}::text[]) and a.from_id is not null
        and ${conversation === undefined ? sql`true` : sql`m.conversation_id = ${conversation}`}
    ) r
    where ${
      after
        ? sql`(r.mutual, r.sent_at, r.id) < (${after.mutual}::int, ${after.at}::timestamptz, ${after.id}::uuid)`
        : sql`true`
    }
    order by r.mutual desc, r.sent_at desc, r.id desc
    limit ${query.limit}`.execute(executor);
  return rows;
}

export async function countHeld(executor: Executor, account: string): Promise<number> {
  const row = await executor
    .selectFrom('members')
    .where('account_id', '=', account)
    .where('state', '=', 'held')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}
