import { sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';
import { type Arrival, type Asking, LAST } from './policy.ts';

/** One after the other for what a person asks, and for what a person is asked: limits are counted under it. */
export const lockAsking = (tx: Tx, side: 'asks' | 'asked', account: string): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${side} ${account}`}, 0))`.execute(tx);

/** One statement for all, so that whatever is found takes the same way. */
export async function readAsking(
  executor: Executor,
  { conversation, sender, recipient }: { conversation: string; sender: string; recipient: string },
  now: Date,
): Promise<Asking> {
  const { rows } = await sql<Asking>`
    select
      exists (select from blocks where blocker_id = ${sender} and blocked_id = ${recipient}) as blocking,
      exists (select from blocks where blocker_id = ${recipient} and blocked_id = ${sender}) as blocked,
      exists (select from follows where follower_id = ${recipient} and followee_id = ${sender}) as followed,
      coalesce(c.who_may_write, 'everyone') as accepts,
      (select wrote_at from members where conversation_id = ${conversation} and account_id = ${sender}) as "askedAt",
      a.created_at as "senderSince",
      array(
        select q.sent_at from requests q
        where q.sender_id = ${sender} and q.sent_at > ${now}::timestamptz - interval '1 day'
        order by q.sent_at desc
      ) as "sentToday",
      l.last, l.accepted,
      (
        select count(*)::int from requests q
        where q.recipient_id = ${recipient} and q.shown_at > ${now}::timestamptz - interval '1 day'
      ) as "shownToday",
      coalesce(c.held_words, '{}') || array(select value from operator_rules where kind = 'word') as words,
      coalesce(c.held_hosts, '{}') || array(select value from operator_rules where kind = 'host') as hosts
    from accounts a
    left join backchannel_choices c on c.account_id = ${recipient}
    cross join lateral (
      select count(*)::int as last, (count(*) filter (where q.outcome = 'accepted'))::int as accepted
      from (select outcome from requests where sender_id = ${sender} order by sent_at desc limit ${LAST}) q
    ) l
    where a.id = ${sender}`.execute(executor);
  const row = rows[0];
  if (!row) throw new Error('readAsking: no such account');
  return row;
}

/** The sender has agreed, by writing; the other not yet. */
export const noteAsked = (tx: Tx, conversation: string, sender: string, at: Date): Promise<unknown> =>
  sql`update members set state = 'active', state_at = ${at}::timestamptz, wrote_at = ${at}::timestamptz, version = version + 1
    where conversation_id = ${conversation} and account_id = ${sender}`.execute(tx);

/** What the recipient has of a request from now on, and the row that is counted. */
export async function insertRequest(
  tx: Tx,
  request: {
    conversation: string;
    sender: string;
    recipient: string;
    seq: number;
    arrival: Arrival;
    at: Date;
  },
): Promise<void> {
  const { conversation, sender, recipient, seq, arrival, at } = request;
  const state = arrival === 'never' ? 'deleted' : arrival;
  await sql`update members
    set state = ${state}, state_at = ${at}::timestamptz, version = version + 1,
      first_seq = case when ${arrival === 'never'} then ${seq} + 1 else first_seq end
    where conversation_id = ${conversation} and account_id = ${recipient}`.execute(tx);
  await tx
    .insertInto('requests')
    .values({
      conversation_id: conversation,
      sender_id: sender,
      recipient_id: recipient,
      sent_at: at,
      shown_at: arrival === 'request' ? at : null,
      outcome: arrival === 'never' ? 'blocked' : null,
      decided_at: arrival === 'never' ? at : null,
    })
    .execute();
}

/** Both are in the conversation from now on, and each learns of it. */
export const agree = (
  tx: Tx,
  conversation: string,
  accounts: readonly string[],
  at: Date,
): Promise<unknown> =>
  sql`update members
    set state_at = case when state = 'active' then state_at else ${at}::timestamptz end, state = 'active',
      version = version + 1
    where conversation_id = ${conversation} and account_id = any(${accounts}::uuid[])`.execute(tx);

/** What became of the newest request of a conversation to this recipient. True where that is new. */
export async function decideNewest(
  tx: Tx,
  conversation: string,
  recipient: string,
  outcome: 'accepted' | 'deleted' | 'blocked',
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update requests set outcome = ${outcome}, decided_at = ${at}::timestamptz
    where id = (
      select id from requests where conversation_id = ${conversation} and recipient_id = ${recipient}
      order by sent_at desc limit 1
    ) and (outcome is null or ${outcome} = 'accepted' and outcome <> 'accepted')
    returning id`.execute(tx);
  return rows.length > 0;
}

/** It is out of the recipient's sight; what comes later is all they see, should something come. */
export const putAway = (tx: Tx, conversation: string, recipient: string, at: Date): Promise<unknown> =>
  sql`update members m
    set state = 'deleted', state_at = ${at}::timestamptz, version = m.version + 1, first_seq = c.head + 1,
      read_seq = greatest(m.read_seq, c.head)
    from conversations c
    where c.id = m.conversation_id and m.conversation_id = ${conversation} and m.account_id = ${recipient}`.execute(
    tx,
  );

/** Who had put it away, or never saw it, looks for the sender of their own accord. */
export const openAgain = (
  tx: Tx,
  conversation: string,
  account: string,
  state: 'request' | 'new',
): Promise<unknown> =>
  sql`update members set state = ${state}, version = version + 1
    where conversation_id = ${conversation} and account_id = ${account}`.execute(tx);

/** A member's state, whatever it is, under the conversation's lock; with the other of a direct one. */
export async function lockMember(
  tx: Tx,
  conversation: string,
  account: string,
): Promise<
  | {
      kind: string;
      state: string;
      invitedBy: string | null;
      other: string | null;
      otherState: string | null;
    }
  | undefined
> {
  await sql`select from conversations where id = ${conversation} for no key update`.execute(tx);
  return readMember(tx, conversation, account);
}

export async function readMember(executor: Executor, conversation: string, account: string) {
  const { rows } = await sql<{
    kind: string;
    state: string;
    invitedBy: string | null;
    other: string | null;
    otherState: string | null;
  }>`
    select c.kind, m.state, m.invited_by as "invitedBy", other.account_id as other, other.state as "otherState"
    from members m
    join conversations c on c.id = m.conversation_id
    left join members other
      on c.kind = 'direct' and other.conversation_id = m.conversation_id and other.account_id <> m.account_id
    where m.conversation_id = ${conversation} and m.account_id = ${account}`.execute(executor);
  return rows[0];
}

/** Groups into which `by` has invited `account`, whether they see it yet or not, in the order of locks. */
export function invitationsBy(
  executor: Executor,
  account: string,
  by: string,
): Promise<{ group: string; state: string }[]> {
  return executor
    .selectFrom('members')
    .where('account_id', '=', account)
    .where('invited_by', '=', by)
    .where('state', 'in', ['invited', 'held', 'queued'])
    .orderBy('conversation_id')
    .select(['conversation_id as group', 'state'])
    .execute();
}

/** How the viewer may write to someone (BC-15), as far as the table knows. */
export async function readWriting(
  executor: Executor,
  viewer: string,
  account: string,
): Promise<{
  blocked: boolean;
  followed: boolean;
  accepts: 'everyone' | 'following' | 'nobody';
  mine: string | null;
  theirs: string | null;
  askedAt: Date | null;
}> {
  const { rows } = await sql<{
    blocked: boolean;
    followed: boolean;
    accepts: 'everyone' | 'following' | 'nobody';
    mine: string | null;
    theirs: string | null;
    askedAt: Date | null;
  }>`
    select
      exists (
        select from blocks where blocker_id = ${viewer} and blocked_id = ${account}
          or blocker_id = ${account} and blocked_id = ${viewer}
      ) as blocked,
      exists (select from follows where follower_id = ${account} and followee_id = ${viewer}) as followed,
      coalesce((select who_may_write from backchannel_choices where account_id = ${account}), 'everyone') as accepts,
      mine.state as mine, theirs.state as theirs, mine.wrote_at as "askedAt"
    from (values (1)) one
    left join direct_conversations d
      on d.low_id = least(${viewer}::uuid, ${account}::uuid) and d.high_id = greatest(${viewer}::uuid, ${account}::uuid)
    left join members mine on mine.conversation_id = d.conversation_id and mine.account_id = ${viewer}
    left join members theirs on theirs.conversation_id = d.conversation_id and theirs.account_id = ${account}`.execute(
    executor,
  );
  const row = rows[0];
  if (!row) throw new Error('readWriting: nothing');
  return row;
}
