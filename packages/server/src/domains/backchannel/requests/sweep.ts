import { sql } from 'kysely';
import { type DecideDeps, doDelete } from './decide.ts';
import { SHOWN_PER_DAY } from './policy.ts';
import { lockAsking, lockMember } from './store.ts';
import { tellWaiting } from './tell.ts';

/** Requests that are looked at in one round. */
const ROUND = 500;

/** Shows queued requests, the oldest first, as soon as their recipients' day has room for them (BC-16). */
export async function surfaceQueued(context: DecideDeps): Promise<void> {
  const { platform, deps } = context;
  const { rows } = await sql<{ account: string; conversation: string }>`
    select w.account_id as account, q.conversation_id as conversation
    from (select distinct account_id from members where state = 'queued') w
    cross join lateral (
      select greatest(0, ${SHOWN_PER_DAY}::int - count(*)::int) as room from requests r
      where r.recipient_id = w.account_id and r.shown_at > ${platform.now()}::timestamptz - interval '1 day'
    ) free
    -- As many as fit: whoever is flooded keeps nobody else waiting.
    cross join lateral (
      select m.conversation_id, m.state_at from members m
      where m.account_id = w.account_id and m.state = 'queued'
      order by m.state_at, m.conversation_id limit free.room
    ) q
    order by q.state_at, q.conversation_id limit ${ROUND}`.execute(platform.db);
  for (const { account, conversation } of rows)
    await platform.transact(async work => {
      const member = await lockMember(work.tx, conversation, account);
      if (member?.state !== 'queued') return;
      const from = member.kind === 'group' ? member.invitedBy : member.other;
      // A block may have come in the very moment in which it was written.
      if (from !== null && (await deps.relations.blockedEitherWay(account, from, work.tx))) {
        await doDelete(context, work, account, conversation, 'blocked');
        return;
      }
      await lockAsking(work.tx, 'asked', account);
      const at = platform.now();
      const { rows: shown } = await sql`
        with free as (
          select count(*) < ${SHOWN_PER_DAY} as room from requests
          where recipient_id = ${account} and shown_at > ${at}::timestamptz - interval '1 day'
        ), newest as (
          update requests set shown_at = ${at}::timestamptz
          where id = (
            select id from requests where conversation_id = ${conversation} and recipient_id = ${account}
            order by sent_at desc limit 1
          ) and (select room from free)
          returning conversation_id
        )
        update members m set state = ${member.kind === 'group' ? 'invited' : 'request'}, state_at = ${at}::timestamptz, version = m.version + 1
        from newest where m.conversation_id = newest.conversation_id and m.account_id = ${account}
        returning m.account_id`.execute(work.tx);
      if (shown.length > 0) await tellWaiting(work, account);
    });
}
