import { type Kysely, sql } from 'kysely';

/** As it was when this migration was written. */
const RECEIPTS_PEOPLE_MAX = 20;

/**
 * What each entry paid for without need: two foreign keys, looked up and locked row by row, though who writes one holds the
 * conversation's lock; and two triggers, which the functions below do without.
 *
 * A node of an older version that is sending in this very moment goes on with the old functions: what it writes is written, and
 * owes no push and no preview.
 */
const tables = `
-- In the order in which senders take them, so that none of them ends in a deadlock with this.
lock table conversations, accounts, log_entries in access exclusive mode;
alter table log_entries drop constraint log_entries_conversation_id_fkey;
alter table log_entries drop constraint log_entries_sender_id_fkey;
drop trigger link_job on log_entries;
drop trigger owe_pushes on log_entries;
drop function link_job;
drop function owe_pushes;
drop function append_many;
`;

const functions = [
  // In place of \`on delete cascade\`.
  `create function drop_log() returns trigger language plpgsql as $$
begin
  delete from log_entries e where e.conversation_id = old.id;
  return null;
end $$`,
  `create trigger drop_log after delete on conversations for each row execute function drop_log()`,

  // Who has written stays, as long as what they wrote does. What somebody wrote they were a member for.
  `create function keep_authors() returns trigger language plpgsql as $$
begin
  if exists (
    select from members m join log_entries e on e.conversation_id = m.conversation_id and e.sender_id = m.account_id
    where m.account_id = old.id
  ) then
    raise foreign_key_violation using message = 'account ' || old.id || ' has written entries of logs';
  end if;
  return old;
end $$`,
  `create trigger keep_authors before delete on accounts for each row execute function keep_authors()`,

  // What a message owes to whoever wants pushes (BC-31), in its transaction. Often nobody does: the caller looks first.
  `create function owe_pushes(
  in_conversation uuid, in_kind text, in_seq int, in_sender uuid, in_text text, in_at timestamptz
) returns void language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  named text[] := '{}';
begin
  if position('@' in in_text) > 0 then
    named := array(
      select distinct rtrim(lower(m[1]), '._')
      from regexp_matches(in_text, '(?<![[:alnum:]_.@])@([a-z][a-z0-9._]{1,23})', 'gi') m limit 20
    );
  end if;
  if in_kind in ('direct', 'group') then
    insert into push_owed (account_id, conversation_id, seq, mentioned, due_at)
    select m.account_id, in_conversation, in_seq,
      named <> '{}' and exists (select from accounts a where a.id = m.account_id and a.handle = any(named)),
      in_at + interval '3 s'
    from members m
    where m.conversation_id = in_conversation and m.account_id <> in_sender and m.state = 'active'
      and (m.muted_until is null or m.muted_until <= in_at)
      and exists (select from push_subscriptions s where s.account_id = m.account_id)
    on conflict (account_id, conversation_id) do update set
      seq = greatest(push_owed.seq, excluded.seq), mentioned = push_owed.mentioned or excluded.mentioned;
  elsif named <> '{}' then
    -- A talk may have thousands of people and many messages a second: only whom it names, each by the key.
    insert into push_owed (account_id, conversation_id, seq, mentioned, due_at)
    select m.account_id, in_conversation, in_seq, true, in_at + interval '3 s'
    from members m
    where m.conversation_id = in_conversation
      and m.account_id = any(array(select a.id from accounts a where a.handle = any(named)))
      and m.account_id <> in_sender and m.state = 'active'
      and (m.muted_until is null or m.muted_until <= in_at)
      and exists (select from push_subscriptions s where s.account_id = m.account_id)
    on conflict (account_id, conversation_id) do update set
      seq = greatest(push_owed.seq, excluded.seq), mentioned = true;
  end if;
end $$`,

  // By the rules of migration 003, with about half of the statements: to start one costs as much as what it does.
  // A connection keeps the plans of a function. Made while a table is small they would read all of it, for as long as
  // PostgreSQL takes to count it again: a busy minute on a new instance is slower and slower. Hence no sequential scans.
  `create or replace function append_message(
  in_conversation uuid, in_sender uuid, in_client uuid, in_id uuid, in_text text, in_extra jsonb, in_words text[],
  in_at timestamptz,
  -- The caller has settled, under the lock, that it is to be written though the other has not agreed (BC-11).
  in_settled boolean,
  -- absent: no such conversation, or not the sender's. reused: client id of another message. repeated: written before.
  -- unsettled: the two have yet to agree to talk. slow: \`retry\` seconds to wait. silenced: until \`at\`.
  out outcome text, out seq int, out id uuid, out at timestamptz, out kind text, out room uuid,
  -- direct, group, stage: whom it goes to beside the sender. Those with a block hear only that there is something.
  out others uuid[], out withheld uuid[],
  -- The sender's read mark where it moved, else null; and who may see it (BC-8).
  out read_seq int, out receipts uuid[], out retry int
) language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  c conversations;
  me record;
  archived boolean := false;
  files uuid[];
begin
  -- Not \`for update\`: that would wait for each who enters a room, whose membership refers to this row.
  select * into c from conversations where conversations.id = in_conversation for no key update;
  if not found then
    outcome := 'absent';
    return;
  end if;
  select m.state, m.role, m.first_seq, m.read_seq, m.wrote_at, a.silenced_until,
    e.seq as old_seq, e.id as old_id, e.created_at as old_at,
    e.text = in_text and e.extra is not distinct from in_extra as same,
    exists (select from push_subscriptions) as pushing,
    not exists (select from backchannel_choices b where b.account_id = in_sender and not b.receipts) as shows
  into me
  from members m
  join accounts a on a.id = m.account_id
  left join log_entries e
    on e.conversation_id = in_conversation and e.sender_id = in_sender and e.client_id = in_client
  where m.conversation_id = in_conversation and m.account_id = in_sender;
  if not found then
    outcome := 'absent';
    return;
  end if;
  kind := c.kind;
  room := c.room_id;

  if me.old_seq is not null then
    outcome := case when me.same then 'repeated' else 'reused' end;
    seq := me.old_seq;
    id := me.old_id;
    at := me.old_at;
    return;
  end if;
  if me.state in ('left', 'removed') then
    outcome := 'absent';
    return;
  end if;
  if me.silenced_until > in_at then
    outcome := 'silenced';
    at := me.silenced_until;
    return;
  end if;

  if c.kind <> 'direct' then
    if me.state <> 'active' then
      outcome := case when c.kind = 'group' then 'unsettled' else 'absent' end;
      return;
    end if;
    if c.frozen_at is not null then
      outcome := 'frozen';
      return;
    end if;
    if me.role = 'member' and not c.talk_on then
      outcome := 'off';
      return;
    end if;
    if me.role = 'member' and c.slow_seconds > 0
      and me.wrote_at + make_interval(secs => c.slow_seconds) > in_at then
      outcome := 'slow';
      retry := ceil(extract(epoch from me.wrote_at + make_interval(secs => c.slow_seconds) - in_at));
      return;
    end if;
  end if;
  if c.kind = 'room' then
    -- Everyone in the room hears its channel; only those of them are looked for who must not, also who has just left: their
    -- sockets hear it until the word of it has come.
    -- Each by the primary key: joined, all members of the room might be read.
    select coalesce(array_agg(o.id), '{}') into withheld
    from (
      select b.blocked_id as id from blocks b where b.blocker_id = in_sender
      union select b.blocker_id from blocks b where b.blocked_id = in_sender
    ) o
    where (
      select true from members g where g.conversation_id = in_conversation and g.account_id = o.id limit 1
    );
  else
    select array_agg(g.account_id) filter (where g.active and not g.blocked),
      array_agg(g.account_id) filter (where g.active and g.blocked),
      array_agg(g.account_id) filter (
        where g.active and not g.blocked and not exists (
          select from backchannel_choices b where b.account_id = g.account_id and not b.receipts
        )
      ),
      bool_or(g.archived)
    into others, withheld, receipts, archived
    from (
      select m.account_id, m.state = 'active' and m.account_id <> in_sender as active,
        m.archived_at is not null and (m.muted_until is null or m.muted_until < in_at) as archived,
        exists (select from blocks b where b.blocker_id = in_sender and b.blocked_id = m.account_id)
          or exists (select from blocks b where b.blocker_id = m.account_id and b.blocked_id = in_sender) as blocked
      from members m where m.conversation_id = in_conversation
      -- Looked up once each: without this the planner puts \`blocked\` into every filter above.
      offset 0
    ) g;
    if c.kind = 'direct' then
      if me.state <> 'active' or (others is null and withheld is null and not in_settled) then
        outcome := 'unsettled';
        return;
      end if;
      if withheld is not null then
        outcome := 'blocked';
        return;
      end if;
    else
      others := coalesce(others, '{}');
      withheld := coalesce(withheld, '{}');
    end if;
  end if;

  if in_extra is not null then
    if in_extra ? 'reply' and not exists (
      select from log_entries e
      where e.conversation_id = in_conversation and e.seq = (in_extra ->> 'reply')::int and e.kind = 'message'
        and e.seq >= me.first_seq
    ) then
      outcome := 'reply_unknown';
      return;
    end if;
    if in_extra ? 'attachments' then
      files := array(select jsonb_array_elements_text(in_extra -> 'attachments')::uuid);
      perform from attachments a
      where a.id = any (files) and a.owner_id = in_sender and a.conversation_id is null
      for update;
      get diagnostics retry = row_count;
      if retry <> cardinality(files) then
        outcome := 'attachment_unknown';
        return;
      end if;
      retry := null;
      update attachments a set conversation_id = in_conversation, seq = c.head + 1 where a.id = any (files);
    end if;
  end if;

  seq := c.head + 1;
  update conversations set head = append_message.seq, last_seq = append_message.seq, last_entry_at = in_at
  where conversations.id = in_conversation;
  insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, extra, search, created_at)
  values (
    in_conversation, append_message.seq, in_id, 'message', in_sender, in_client, in_text, in_extra,
    case when cardinality(in_words) > 0 then array_to_tsvector(in_words || ('@' || in_conversation)) end, in_at
  );

  -- Who has nothing of others unread has read up to their own message.
  if me.read_seq = c.head then
    read_seq := seq;
  elsif not exists (
    -- In the order of the log: the first that is found is near, whatever its length.
    select from log_entries e
    where e.conversation_id = in_conversation and e.seq > me.read_seq and e.seq <= c.head
      and e.kind = 'message' and e.sender_id <> in_sender
    order by e.seq limit 1
  ) then
    read_seq := seq;
  end if;
  if c.kind in ('direct', 'group') then
    if archived then
      -- What is new comes back out of the archive, unless it was muted.
      update members m set archived_at = null, version = m.version + 1
      where m.conversation_id = in_conversation and m.archived_at is not null
        and (m.muted_until is null or m.muted_until < in_at);
    end if;
    if read_seq is not null then
      update members m set read_seq = append_message.read_seq
      where m.conversation_id = in_conversation and m.account_id = in_sender;
    end if;
  else
    update members m set wrote_at = in_at, read_seq = coalesce(append_message.read_seq, m.read_seq)
    where m.conversation_id = in_conversation and m.account_id = in_sender;
  end if;
  if read_seq is null or not me.shows or c.kind not in ('direct', 'group')
    or c.people_count > ${RECEIPTS_PEOPLE_MAX} then
    receipts := null;
  end if;

  -- What may hold a link: a dot with something on both sides. \`findLinks\` decides later.
  if in_text ~ '\\S\\.\\S\\S' then
    insert into link_jobs (conversation_id, seq, due_at) values (in_conversation, append_message.seq, in_at)
    on conflict do nothing;
  end if;
  if me.pushing then
    perform owe_pushes(in_conversation, c.kind, append_message.seq, in_sender, in_text, in_at);
  end if;
  outcome := 'written';
  id := in_id;
  at := in_at;
end $$`,

  // Many at once, by the same rules, with a few statements for all of them (RT-10). What those cannot tell in one look is
  // done one by one: slow mode, attachments, a client id that comes twice, somebody's archive.
  `create function append_many(
  in_conversations uuid[], in_senders uuid[], in_clients uuid[], in_ids uuid[], in_texts text[], in_extras jsonb[],
  -- The words of each with a space between them.
  in_words text[],
  in_at timestamptz
) returns table (
  place int, outcome text, seq int, id uuid, at timestamptz, kind text, room uuid, others uuid[], withheld uuid[],
  read_seq int, receipts uuid[], retry int
) language plpgsql set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  apart uuid[];
begin
  -- In the order of ids, so that two of these never wait for each other in a circle.
  perform from conversations c where c.id = any(in_conversations) order by c.id for no key update;

  apart := array(
    select d.conversation
    from unnest(in_conversations, in_senders, in_clients, in_extras) d (conversation, sender, client, extra)
    group by d.conversation
    having count(*) <> count(distinct (d.sender, d.client)) or bool_or(d.extra ? 'attachments')
    union all
    select c.id from conversations c
    where c.id = any(in_conversations) and (
      c.slow_seconds > 0
      -- Not \`exists\`: that may become a hash of all members.
      or c.kind in ('direct', 'group') and (
        select true from members m
        where m.conversation_id = c.id and m.archived_at is not null
          and (m.muted_until is null or m.muted_until < in_at)
        limit 1
      )
    )
  );
  if cardinality(apart) > 0 then
    return query
      select d.place::int, a.outcome, a.seq, a.id, a.at, a.kind, a.room, a.others, a.withheld, a.read_seq, a.receipts,
        a.retry
      from unnest(in_conversations, in_senders, in_clients, in_ids, in_texts, in_extras, in_words) with ordinality
        as d (conversation, sender, client, id, text, extra, words, place),
      append_message(d.conversation, d.sender, d.client, d.id, d.text, d.extra, string_to_array(d.words, ' '), in_at,
        false) a
      where d.conversation = any(apart);
  end if;

  return query
  with judged as materialized (
    select d.place::int, d.conversation, d.sender, d.client, d.id, d.text, d.extra, d.words, c.kind, c.room_id, c.head,
      c.people_count, m.read_seq, a.silenced_until, e.seq as old_seq, e.id as old_id, e.created_at as old_at,
      g.others, g.withheld, g.receipts,
      case
        when m.state is null then 'absent'
        when e.seq is not null then
          case when e.text = d.text and e.extra is not distinct from d.extra then 'repeated' else 'reused' end
        when m.state in ('left', 'removed') then 'absent'
        when a.silenced_until > in_at then 'silenced'
        when m.state <> 'active' then case when c.kind in ('direct', 'group') then 'unsettled' else 'absent' end
        when c.kind = 'direct' and g.others is null and g.withheld is null then 'unsettled'
        when c.kind = 'direct' and g.withheld is not null then 'blocked'
        when c.kind <> 'direct' and c.frozen_at is not null then 'frozen'
        when c.kind <> 'direct' and m.role = 'member' and not c.talk_on then 'off'
        when d.extra is not null and d.extra ? 'reply' and not exists (
          select from log_entries r
          where r.conversation_id = d.conversation and r.seq = (d.extra ->> 'reply')::int and r.kind = 'message'
            and r.seq >= m.first_seq
          order by r.seq limit 1
        ) then 'reply_unknown'
        else 'written'
      end as outcome
    from unnest(in_conversations, in_senders, in_clients, in_ids, in_texts, in_extras, in_words) with ordinality
      as d (conversation, sender, client, id, text, extra, words, place)
    -- One by one, by the keys: joined, they might be looked for among all members, and in the whole log of a talk.
    left join lateral (
      select x.kind, x.room_id, x.head, x.people_count, x.frozen_at, x.talk_on from conversations x
      where x.id = d.conversation
      limit 1
    ) c on true
    left join lateral (
      select x.state, x.role, x.first_seq, x.read_seq from members x
      where x.conversation_id = d.conversation and x.account_id = d.sender
      limit 1
    ) m on true
    left join lateral (
      select x.silenced_until from accounts x where x.id = d.sender limit 1
    ) a on true
    left join lateral (
      select x.seq, x.id, x.created_at, x.text, x.extra from log_entries x
      where x.conversation_id = d.conversation and x.sender_id = d.sender and x.client_id = d.client
      limit 1
    ) e on true
    -- Those of a room's talk are not told one by one.
    left join lateral (
      select array_agg(x.account_id) filter (where not x.blocked) as others,
        array_agg(x.account_id) filter (where x.blocked) as withheld,
        array_agg(x.account_id) filter (
          where not x.blocked and not exists (
            select from backchannel_choices b where b.account_id in (x.account_id, d.sender) and not b.receipts
          )
        ) as receipts
      from (
        select y.account_id,
          exists (select from blocks b where b.blocker_id = d.sender and b.blocked_id = y.account_id)
            or exists (select from blocks b where b.blocker_id = y.account_id and b.blocked_id = d.sender) as blocked
        from members y
        where c.kind <> 'room' and y.conversation_id = d.conversation and y.account_id <> d.sender
          and y.state = 'active'
        offset 0
      ) x
    ) g on true
    where d.conversation <> all(apart)
  ), fresh as materialized (
    select j.*, j.head + (row_number() over (partition by j.conversation order by j.place))::int as new_seq
    from judged j where j.outcome = 'written'
  ), inserted as (
    insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, extra, search, created_at)
    select f.conversation, f.new_seq, f.id, 'message', f.sender, f.client, f.text, f.extra,
      case when f.words <> '' then array_to_tsvector(string_to_array(f.words, ' ') || ('@' || f.conversation)) end,
      in_at
    from fresh f order by f.conversation, f.new_seq
  ), counted as (
    update conversations c set head = f.last, last_seq = f.last, last_entry_at = in_at
    from (select f.conversation, max(f.new_seq) as last from fresh f group by f.conversation) f
    where c.id = f.conversation
  ), writers as materialized (
    select f.conversation, f.sender, min(f.read_seq) as read_seq, min(f.head) as head,
      min(f.kind) as kind
    from fresh f group by f.conversation, f.sender
  ), standing as materialized (
    -- Who has nothing of others unread has read up to their own message, as long as nobody else's comes between.
    select w.conversation, w.sender, w.kind = 'room' as room, w.kind in ('room', 'stage') as talk,
      case when w.read_seq < w.head and (
        -- In the order of the log: the first that is found is near, whatever its length.
        select e.seq from log_entries e
        where e.conversation_id = w.conversation and e.seq > w.read_seq and e.seq <= w.head and e.kind = 'message'
          and e.sender_id <> w.sender
        order by e.seq limit 1
      ) is not null then null
      else (
        select max(own.new_seq) from fresh own
        where own.conversation = w.conversation and own.sender = w.sender and own.new_seq < coalesce((
          select min(o.new_seq) from fresh o where o.conversation = w.conversation and o.sender <> w.sender
        ), own.new_seq + 1)
      ) end as read_seq
    from writers w
  ), marked as (
    update members m set wrote_at = case when s.talk then in_at else m.wrote_at end,
      read_seq = coalesce(s.read_seq, m.read_seq)
    from standing s
    where m.conversation_id = s.conversation and m.account_id = s.sender and (s.talk or s.read_seq is not null)
  ), hidden as materialized (
    select o.conversation, o.sender, array_agg(o.id) as accounts
    from (
      select s.conversation, s.sender, b.blocked_id as id from standing s join blocks b on b.blocker_id = s.sender
      where s.room
      union
      select s.conversation, s.sender, b.blocker_id from standing s join blocks b on b.blocked_id = s.sender
      where s.room
    ) o
    where (
      select true from members x where x.conversation_id = o.conversation and x.account_id = o.id limit 1
    )
    group by o.conversation, o.sender
  )
  select j.place, j.outcome, coalesce(f.new_seq, j.old_seq), case when f.new_seq is null then j.old_id else j.id end,
    case j.outcome when 'silenced' then j.silenced_until when 'written' then in_at else j.old_at end,
    j.kind, j.room_id,
    case when j.kind in ('group', 'stage') then coalesce(j.others, '{}') else j.others end,
    case when j.kind = 'room' then coalesce(h.accounts, '{}') else coalesce(j.withheld, '{}') end,
    case when f.new_seq <= s.read_seq then f.new_seq end,
    case when f.new_seq <= s.read_seq and not s.talk and j.people_count <= ${RECEIPTS_PEOPLE_MAX}
      then j.receipts end,
    null::int
  from judged j
  left join fresh f on f.place = j.place
  left join standing s on s.conversation = f.conversation and s.sender = f.sender
  left join hidden h on h.conversation = f.conversation and h.sender = f.sender;

  if array_to_string(in_texts, ' ') ~ '\\S\\.\\S\\S' then
    insert into link_jobs (conversation_id, seq, due_at)
    select e.conversation_id, e.seq, in_at
    from unnest(in_ids, in_texts) d (id, text) join log_entries e on e.id = d.id
    where d.text ~ '\\S\\.\\S\\S'
    on conflict do nothing;
  end if;
  if exists (select from push_subscriptions) then
    perform owe_pushes(c.id, c.kind, e.seq, e.sender_id, e.text, in_at)
    from unnest(in_ids) d (id) join log_entries e on e.id = d.id join conversations c on c.id = e.conversation_id
    where c.id <> all(apart) and (c.kind in ('direct', 'group') or position('@' in e.text) > 0);
  end if;
end $$`,
];

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of [...tables.split(';\n').filter(part => part.trim()), ...functions])
    await sql.raw(statement).execute(db);
};
