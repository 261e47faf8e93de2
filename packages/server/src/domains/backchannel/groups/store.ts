import type { GroupRole } from '@sotto/protocol';
import { SEQ_MAX } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Executor, Tx } from '../../../platform/db/index.ts';
import { type Candidate, INVITE_AGAIN_DAYS, type MemberPlace } from './policy.ts';

/** A new group. Undefined where its maker has made one with this client id. */
export async function insertGroup(
  tx: Tx,
  group: { title: string; by: string; clientId: string; at: Date },
): Promise<string | undefined> {
  const row = await tx
    .insertInto('conversations')
    .values({
      kind: 'group',
      title: group.title,
      made_by: group.by,
      client_id: group.clientId,
      last_entry_at: group.at,
      people_count: 1,
    })
    .onConflict(conflict => conflict.columns(['made_by', 'client_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) return undefined;
  await tx
    .insertInto('members')
    .values({
      conversation_id: row.id,
      account_id: group.by,
      state: 'active',
      role: 'owner',
      joined_at: group.at,
    })
    .execute();
  return row.id;
}

export async function findGroup(
  executor: Executor,
  by: string,
  clientId: string,
): Promise<string | undefined> {
  const row = await executor
    .selectFrom('conversations')
    .where('made_by', '=', by)
    .where('client_id', '=', clientId)
    .select('id')
    .executeTakeFirst();
  return row?.id;
}

/** What is known of those whom the account would add; in the order of ids. */
export async function readCandidates(
  executor: Executor,
  {
    conversation,
    by,
    people,
    now,
  }: { conversation: string; by: string; people: readonly string[]; now: Date },
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select p.id, m.state,
      exists (select from follows f where f.follower_id = p.id and f.followee_id = ${by}) or exists (
        select from direct_conversations d
        join members mine on mine.conversation_id = d.conversation_id and mine.account_id = ${by}
        join members theirs on theirs.conversation_id = d.conversation_id and theirs.account_id = p.id
        where d.low_id = least(p.id, ${by}::uuid) and d.high_id = greatest(p.id, ${by}::uuid)
          and mine.state = 'active' and theirs.state = 'active'
      ) as known,
      exists (
        select from blocks b
        where (b.blocker_id = p.id and b.blocked_id = ${by}) or (b.blocker_id = ${by} and b.blocked_id = p.id)
      ) as blocked,
      coalesce(c.who_may_write, 'everyone') as accepts,
      exists (
        select from requests q
        where q.conversation_id = ${conversation} and q.recipient_id = p.id and q.outcome in ('deleted', 'blocked')
          and q.decided_at > ${now}::timestamptz - make_interval(days => ${INVITE_AGAIN_DAYS})
      ) as declined,
      (
        select count(*)::int from requests q
        where q.recipient_id = p.id and q.shown_at > ${now}::timestamptz - interval '1 day'
      ) as "shownToday"
    from unnest(${people}::uuid[]) p (id)
    left join members m on m.conversation_id = ${conversation} and m.account_id = p.id
    left join backchannel_choices c on c.account_id = p.id
    order by p.id`.execute(executor);
  return rows;
}

/** In the group from the next entry on: what was before is not theirs (BC-2). */
export async function admit(
  tx: Tx,
  conversation: string,
  account: string,
  { at, by, unread }: { at: Date; by: string | null; unread: boolean },
): Promise<void> {
  await sql`
    insert into members as m (conversation_id, account_id, state, state_at, first_seq, read_seq, joined_at, invited_by,
      marked_unread)
    select c.id, ${account}, 'active', ${at}::timestamptz, c.head + 1, c.head, ${at}::timestamptz, ${by}::uuid, ${unread}::boolean
    from conversations c where c.id = ${conversation}
    on conflict (conversation_id, account_id) do update set state = 'active', state_at = excluded.state_at, role = 'member',
      first_seq = excluded.first_seq, read_seq = excluded.read_seq, joined_at = excluded.joined_at,
      invited_by = coalesce(excluded.invited_by, m.invited_by), marked_unread = excluded.marked_unread,
      muted_until = null, pinned_at = null, archived_at = null, version = m.version + 1`.execute(tx);
  await countPeople(tx, conversation);
}

/** They wait for their yes, or hear nothing of it. Nothing of the log is theirs yet. */
export async function invite(
  tx: Tx,
  conversation: string,
  account: string,
  { state, by, at }: { state: 'invited' | 'held' | 'queued' | 'deleted'; by: string; at: Date },
): Promise<void> {
  await sql`
    insert into members as m (conversation_id, account_id, state, state_at, first_seq, invited_by)
    values (${conversation}, ${account}, ${state}, ${at}::timestamptz, ${SEQ_MAX}, ${by})
    on conflict (conversation_id, account_id) do update set state = excluded.state, state_at = excluded.state_at,
      first_seq = excluded.first_seq, invited_by = excluded.invited_by, role = 'member', version = m.version + 1`.execute(
    tx,
  );
  await tx
    .insertInto('requests')
    .values({
      conversation_id: conversation,
      sender_id: by,
      recipient_id: account,
      sent_at: at,
      shown_at: state === 'invited' ? at : null,
      outcome: state === 'deleted' ? 'blocked' : null,
      decided_at: state === 'deleted' ? at : null,
    })
    .execute();
}

/** Those who have yet to be asked or to answer, each with what they and the operator hold back. */
export async function readInvited(
  executor: Executor,
  conversation: string,
): Promise<{ account: string; state: 'invited' | 'queued'; words: string[]; hosts: string[] }[]> {
  const { rows } = await sql<{
    account: string;
    state: 'invited' | 'queued';
    words: string[];
    hosts: string[];
  }>`
    select m.account_id as account, m.state,
      coalesce(c.held_words, '{}') || array(select value from operator_rules where kind = 'word') as words,
      coalesce(c.held_hosts, '{}') || array(select value from operator_rules where kind = 'host') as hosts
    from members m left join backchannel_choices c on c.account_id = m.account_id
    where m.conversation_id = ${conversation} and m.state in ('invited', 'queued')
    order by m.account_id`.execute(executor);
  return rows;
}

/** An invitation that a rule keeps back. */
export const hold = (tx: Tx, conversation: string, account: string, at: Date): Promise<unknown> =>
  sql`update members set state = 'held', state_at = ${at}::timestamptz, version = version + 1
    where conversation_id = ${conversation} and account_id = ${account}`.execute(tx);

/** Out of the group, or of the list of the invited. */
export async function putOut(
  tx: Tx,
  conversation: string,
  account: string,
  state: 'left' | 'removed' | 'deleted',
  at: Date,
): Promise<void> {
  await sql`update members set state = ${state}, state_at = ${at}::timestamptz, role = 'member', version = version + 1
    where conversation_id = ${conversation} and account_id = ${account}`.execute(tx);
  await countPeople(tx, conversation);
}

const countPeople = (tx: Tx, conversation: string): Promise<unknown> =>
  sql`update conversations c set people_count = (
      select count(*) from members m where m.conversation_id = c.id and m.state = 'active')
    where c.id = ${conversation}`.execute(tx);

export async function setRole(tx: Tx, conversation: string, account: string, role: GroupRole): Promise<void> {
  await tx
    .updateTable('members')
    .set({ role })
    .where('conversation_id', '=', conversation)
    .where('account_id', '=', account)
    .execute();
}

export interface GroupMember extends MemberPlace {
  state: string;
  since: Date;
}

/** Everyone in a group, then who is invited: owner, admins, then by when they came. */
export async function readGroup(executor: Executor, conversation: string): Promise<GroupMember[]> {
  const { rows } = await sql<GroupMember>`
    select account_id as account, role, state, joined_at as "joinedAt",
      case when state = 'active' then joined_at else state_at end as since
    from members
    where conversation_id = ${conversation} and state in ('active', 'invited', 'queued', 'held', 'deleted')
    order by state <> 'active', array_position(array['owner', 'admin', 'member'], role), since, account_id`.execute(
    executor,
  );
  return rows;
}

export async function readAbout(
  executor: Executor,
  conversation: string,
): Promise<{ title: string; picture: string | null }> {
  return executor
    .selectFrom('conversations')
    .where('id', '=', conversation)
    .select(['title', 'picture'])
    .executeTakeFirstOrThrow();
}

export async function writeAbout(
  tx: Tx,
  conversation: string,
  about: { title: string; picture: string | null },
): Promise<void> {
  await tx.updateTable('conversations').set(about).where('id', '=', conversation).execute();
}

/**
 * Takes the locks of all conversations that two have in common, in the order of ids, as whoever takes several does: what a
 * block or its end changes in them never waits in a circle with messages that go together.
 */
export const lockBetween = (tx: Tx, a: string, b: string): Promise<unknown> =>
  sql`
    select from conversations c
    where c.kind in ('direct', 'group') and c.id in (
      select ma.conversation_id from members ma
      join members mb on mb.conversation_id = ma.conversation_id and mb.account_id = ${b}
      where ma.account_id = ${a}
    )
    order by c.id for no key update`.execute(tx);

/** Groups that both are in, by id: in the order of locks. */
export async function sharedGroups(executor: Executor, a: string, b: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from conversations c
    join members ma on ma.conversation_id = c.id and ma.account_id = ${a} and ma.state = 'active'
    join members mb on mb.conversation_id = c.id and mb.account_id = ${b} and mb.state = 'active'
    where c.kind = 'group' order by c.id`.execute(executor);
  return rows.map(row => row.id);
}

/**
 * Deletes groups that nobody is in any more, but for those that a report needs as evidence (BC-7). Their attachments go the
 * way of those that were never sent.
 * @returns pictures that nothing names any more
 */
export async function deleteEmptyGroups(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string; picture: string | null }>`
    select c.id, c.picture from conversations c
    where c.kind = 'group' and c.people_count = 0 and not exists (select from reports r where r.conversation_id = c.id)
    order by c.id limit 100 for update of c skip locked`.execute(tx);
  const ids = rows.map(row => row.id);
  if (ids.length === 0) return [];
  await sql`update attachments set conversation_id = null, seq = null where conversation_id = any(${ids}::uuid[])`.execute(
    tx,
  );
  await sql`delete from conversations where id = any(${ids}::uuid[])`.execute(tx);
  return rows.flatMap(row => row.picture ?? []);
}
