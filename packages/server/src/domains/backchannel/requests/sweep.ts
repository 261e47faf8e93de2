import { sql } from 'kysely';
import type { Platform } from '../../../platform/platform.ts';
import { SHOWN_PER_DAY } from './policy.ts';
import { lockAsking, lockMember } from './store.ts';
import { tellWaiting } from './tell.ts';

/** Requests that are looked at in one round. */
const ROUND = 500;

/** Shows queued requests, the oldest first, as soon as their recipients' day has room for them (BC-16). */
export async function surfaceQueued(platform: Platform): Promise<void> {
  const { rows } = await sql<{ account: string; conversation: string }>`
    select account_id as account, conversation_id as conversation
    from members where state = 'queued' order by state_at, conversation_id limit ${ROUND}`.execute(
    platform.db,
  );
  for (const { account, conversation } of rows)
    await platform.transact(async work => {
      const member = await lockMember(work.tx, conversation, account);
      if (member?.state !== 'queued') return;
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
