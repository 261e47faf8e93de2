import { type Kysely, sql } from 'kysely';

/** As it was when this migration was written. */
const RECEIPTS_PEOPLE_MAX = 20;

/** Conversations of all kinds, what happens in them, requests, choices, reports: BC-1 to BC-18. */
const tables = `
alter table conversations drop constraint conversations_kind_check;
alter table conversations
  add check (kind in ('direct', 'group', 'room', 'stage')),
  add column title text not null default '',
  add column picture text,
  add column room_id uuid references rooms on delete cascade,
  add column talk_on boolean not null default true,
  add column slow_seconds int not null default 0,
  add column pinned_seq int,
  add column frozen_at timestamptz,
  add column people_count int not null default 0,
  add column last_seq int not null default 0,
  add column made_by uuid references accounts on delete set null,
  add column client_id uuid,
  add unique (made_by, client_id);
update conversations set last_seq = head, people_count = 2;
create unique index conversations_room on conversations (room_id, kind) where room_id is not null;

insert into conversations (kind, room_id)
  select kind, id from rooms, (values ('room'), ('stage')) kinds (kind) where ended_at is null;

alter table members
  add column state text not null default 'new'
    check (state in ('new', 'active', 'request', 'held', 'queued', 'deleted', 'invited', 'left', 'removed')),
  add column role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  add column first_seq int not null default 1,
  add column version int not null default 1,
  add column muted_until timestamptz,
  add column pinned_at timestamptz,
  add column archived_at timestamptz,
  add column marked_unread boolean not null default false,
  add column invited_by uuid references accounts on delete set null,
  add column state_at timestamptz not null default now(),
  add column wrote_at timestamptz;
update members m set state = 'active' from conversations c where c.id = m.conversation_id and c.head > 0;
insert into members (conversation_id, account_id, state, role)
  select c.id, p.account_id, 'active', case p.role when 'moderator' then 'admin' else 'member' end
  from conversations c join room_people p on p.room_id = c.room_id and p.left_at is null
  where c.kind = 'room' or p.role <> 'listener';
create index members_waiting on members (account_id, state_at)
  where state in ('request', 'held', 'queued', 'invited');
create index members_invited_by on members (invited_by) where invited_by is not null;

alter table log_entries drop constraint log_entries_kind_check;
alter table log_entries
  alter column sender_id drop not null,
  alter column client_id drop not null,
  add check (kind in ('message', 'reaction', 'preview', 'hidden', 'pin', 'people', 'about', 'talk', 'frozen')),
  -- A message: {reply, attachments, card}, null if none. Another entry: what it says.
  add column extra jsonb,
  -- The message that the entry is about.
  add column target_seq int,
  add column hidden_by uuid references accounts on delete set null,
  add column hidden_at timestamptz,
  add column previews jsonb,
  -- The words of a message, folded, and one that all of its conversation have: a search goes over one's own alone.
  add column search tsvector;
create index log_entries_search on log_entries using gin (search) where search is not null;

create table reactions (
  conversation_id uuid not null,
  seq int not null,
  emoji text not null,
  account_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  primary key (conversation_id, seq, emoji, account_id),
  foreign key (conversation_id, seq) references log_entries on delete cascade
);

-- One row for each first message to someone who does not know the sender (BC-10), and for each invitation to a group.
create table requests (
  id uuid primary key default uuidv7(),
  conversation_id uuid not null references conversations on delete cascade,
  sender_id uuid not null references accounts on delete cascade,
  recipient_id uuid not null references accounts on delete cascade,
  sent_at timestamptz not null,
  -- When the recipient could first see it; null while it is held back, or queued, or never.
  shown_at timestamptz,
  outcome text check (outcome in ('accepted', 'deleted', 'blocked')),
  decided_at timestamptz,
  reported boolean not null default false
);
create index requests_sender on requests (sender_id, sent_at desc);
create index requests_recipient on requests (recipient_id, sent_at desc);
create index requests_conversation on requests (conversation_id, recipient_id, sent_at desc);

create table backchannel_choices (
  account_id uuid primary key references accounts on delete cascade,
  who_may_write text not null default 'everyone' check (who_may_write in ('everyone', 'following', 'nobody')),
  receipts boolean not null default true,
  held_words text[] not null default '{}',
  held_hosts text[] not null default '{}'
);

create table operator_rules (
  kind text not null check (kind in ('word', 'host')),
  value text not null,
  primary key (kind, value)
);

alter table accounts add column silenced_until timestamptz, add column suspended_until timestamptz;

create table reports (
  id uuid primary key default uuidv7(),
  by_id uuid not null references accounts on delete cascade,
  about_id uuid not null references accounts on delete cascade,
  conversation_id uuid not null references conversations on delete cascade,
  seq int,
  reason text not null,
  note text not null default '',
  -- The entries and people around it, as the contract showed them then.
  evidence jsonb not null,
  created_at timestamptz not null default now(),
  outcome text check (outcome in ('dismissed', 'hidden', 'silenced', 'suspended')),
  decided_by uuid references accounts on delete set null,
  decided_at timestamptz,
  remark text not null default '',
  answer text not null default ''
);
create index reports_open on reports (created_at) where outcome is null;
create index reports_closed on reports (decided_at desc) where outcome is not null;
create index reports_by on reports (by_id, created_at desc);
create index reports_about on reports (about_id);
drop function append_message;
`;

/**
 * Appends one message to the log of a conversation of any kind, in one round trip and with plans that PostgreSQL keeps:
 * the hot path of the Backchannel. A volatile function's statements each see what was committed before them, so that what
 * is read after the lock is true until the transaction ends.
 */
const appendMessage = `
create function append_message(
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
) language plpgsql as $$
declare
  c conversations;
  me members;
  files uuid[];
begin
  -- Not \`for update\`: that would wait for each who enters a room, whose membership refers to this row.
  select * into c from conversations where conversations.id = in_conversation for no key update;
  if found then
    select * into me from members m where m.conversation_id = in_conversation and m.account_id = in_sender;
  end if;
  if me.state is null then
    outcome := 'absent';
    return;
  end if;
  kind := c.kind;
  room := c.room_id;

  select case when e.text = in_text and e.extra is not distinct from in_extra then 'repeated' else 'reused' end,
    e.seq, e.id, e.created_at
  into outcome, seq, id, at
  from log_entries e
  where e.conversation_id = in_conversation and e.sender_id = in_sender and e.client_id = in_client;
  if found then
    return;
  end if;

  if me.state in ('left', 'removed') then
    outcome := 'absent';
    return;
  end if;
  select a.silenced_until into at from accounts a where a.id = in_sender and a.silenced_until > in_at;
  if found then
    outcome := 'silenced';
    return;
  end if;

  if c.kind = 'direct' then
    select array_agg(m.account_id) into others from members m
    where m.conversation_id = in_conversation and m.account_id <> in_sender and m.state = 'active';
    if me.state <> 'active' or (others is null and not in_settled) then
      outcome := 'unsettled';
      return;
    end if;
    if exists (
      select from blocks b
      where (b.blocker_id = in_sender and b.blocked_id = others[1])
        or (b.blocker_id = others[1] and b.blocked_id = in_sender)
    ) then
      outcome := 'blocked';
      return;
    end if;
  elsif me.state <> 'active' then
    outcome := case when c.kind = 'group' then 'unsettled' else 'absent' end;
    return;
  else
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
    if c.kind = 'room' then
      -- Everyone in the room hears its channel; only those of them are looked for who must not.
      -- Each by the primary key: joined, all members of the room might be read.
      select coalesce(array_agg(o.id), '{}') into withheld
      from (
        select b.blocked_id as id from blocks b where b.blocker_id = in_sender
        union select b.blocker_id from blocks b where b.blocked_id = in_sender
      ) o
      where (
        select g.state from members g where g.conversation_id = in_conversation and g.account_id = o.id
      ) = 'active';
    else
      select coalesce(array_agg(m.account_id) filter (where not m.blocked), '{}'),
        coalesce(array_agg(m.account_id) filter (where m.blocked), '{}')
      into others, withheld
      from (
        select g.account_id, exists (
          select from blocks b
          where (b.blocker_id = in_sender and b.blocked_id = g.account_id)
            or (b.blocker_id = g.account_id and b.blocked_id = in_sender)
        ) as blocked
        from members g
        where g.conversation_id = in_conversation and g.state = 'active' and g.account_id <> in_sender
      ) m;
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
  if c.kind in ('direct', 'group') then
    -- What is new comes back out of the archive, unless it was muted.
    update members m set archived_at = null, version = m.version + 1
    where m.conversation_id = in_conversation and m.archived_at is not null
      and (m.muted_until is null or m.muted_until < in_at);
  else
    -- One update for both, as a talk may be busy (RT-10).
    update members m set wrote_at = in_at,
      read_seq = case when exists (
        select from log_entries e
        where e.conversation_id = in_conversation and e.seq > m.read_seq and e.seq < append_message.seq
          and e.kind = 'message' and e.sender_id <> in_sender
      ) then m.read_seq else append_message.seq end
    where m.conversation_id = in_conversation and m.account_id = in_sender
    returning case when m.read_seq = append_message.seq then m.read_seq end into read_seq;
  end if;
  if c.kind in ('direct', 'group') then
    -- Who has nothing of others unread has read up to their own message.
    update members m set read_seq = append_message.seq
    where m.conversation_id = in_conversation and m.account_id = in_sender
      and not exists (
        select from log_entries e
        where e.conversation_id = in_conversation and e.seq > m.read_seq and e.seq < append_message.seq
          and e.kind = 'message' and e.sender_id <> in_sender
      )
    returning m.read_seq into read_seq;
  end if;
  if read_seq is not null and c.kind in ('direct', 'group') and c.people_count <= ${RECEIPTS_PEOPLE_MAX} then
    select array_agg(o.id) into receipts from unnest(others) o (id)
    where not exists (
      select from backchannel_choices b where b.account_id in (o.id, in_sender) and not b.receipts
    );
  end if;
  outcome := 'written';
  id := in_id;
  at := in_at;
end $$`;

/**
 * Appends many plain texts to the log of one conversation, under one lock. Into a busy talk (RT-10) with a few statements
 * for all of them, by the same rules as `append_message`, which does it one by one wherever more is to be asked: another
 * kind of conversation, a talk that is slowed down or over, a client id that comes twice.
 */
const appendMany = `
create function append_many(
  in_conversation uuid, in_senders uuid[], in_clients uuid[], in_ids uuid[], in_texts text[], in_words jsonb[],
  in_at timestamptz, in_settled boolean
) returns table (
  place int, outcome text, seq int, id uuid, at timestamptz, kind text, room uuid, others uuid[], withheld uuid[],
  read_seq int, receipts uuid[], retry int
) language plpgsql as $$
#variable_conflict use_column
declare
  c conversations;
begin
  select * into c from conversations where conversations.id = in_conversation for no key update;
  if c.kind is distinct from 'room' or c.slow_seconds > 0 or c.frozen_at is not null
    or (select count(*) <> count(distinct (d.sender, d.client)) from unnest(in_senders, in_clients) d (sender, client))
  then
    return query
      select d.place::int, a.outcome, a.seq, a.id, a.at, a.kind, a.room, a.others, a.withheld, a.read_seq, a.receipts,
        a.retry
      from unnest(in_senders, in_clients, in_ids, in_texts, in_words) with ordinality
        as d (sender, client, id, text, words, place),
      append_message(in_conversation, d.sender, d.client, d.id, d.text, null,
        array(select jsonb_array_elements_text(d.words)), in_at, in_settled) a;
    return;
  end if;

  return query
  with judged as materialized (
    select d.place::int, d.sender, d.client, d.id, d.text, d.words, m.read_seq,
      e.seq as old_seq, e.id as old_id, e.created_at as old_at, a.silenced_until,
      case
        when m.state is null then 'absent'
        when e.seq is not null then case when e.text = d.text and e.extra is null then 'repeated' else 'reused' end
        when m.state <> 'active' then 'absent'
        when a.silenced_until > in_at then 'silenced'
        when m.role = 'member' and not c.talk_on then 'off'
        else 'written'
      end as outcome
    from unnest(in_senders, in_clients, in_ids, in_texts, in_words) with ordinality
      as d (sender, client, id, text, words, place)
    -- One by one, by the keys: joined, they might be looked for among all members, and in the whole log of the talk.
    left join lateral (
      select g.state, g.role, g.read_seq from members g
      where g.conversation_id = in_conversation and g.account_id = d.sender
      limit 1
    ) m on true
    left join accounts a on a.id = d.sender
    left join lateral (
      select p.seq, p.id, p.created_at, p.text, p.extra from log_entries p
      where p.conversation_id = in_conversation and p.sender_id = d.sender and p.client_id = d.client
      limit 1
    ) e on true
  ), fresh as materialized (
    select j.*, c.head + (row_number() over (order by j.place))::int as new_seq from judged j where j.outcome = 'written'
  ), inserted as (
    insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, search, created_at)
    select in_conversation, f.new_seq, f.id, 'message', f.sender, f.client, f.text,
      case when jsonb_array_length(f.words) > 0 then
        array_to_tsvector(array(select jsonb_array_elements_text(f.words)) || ('@' || in_conversation))
      end, in_at
    from fresh f order by f.new_seq
  ), counted as (
    update conversations set head = f.last, last_seq = f.last, last_entry_at = in_at
    from (select max(new_seq) as last from fresh) f
    where conversations.id = in_conversation and f.last is not null
  ), firsts as materialized (
    select f.sender, min(f.new_seq) as seq, min(f.read_seq) as read_seq from fresh f group by f.sender
  ), standing as materialized (
    select f.sender, f.seq,
      coalesce(f.seq > (select min(other.new_seq) from fresh other where other.sender <> f.sender), false)
      or (
        -- In the order of the log: the first that is found is near, whatever the length of the talk.
        select e.seq from log_entries e
        where e.conversation_id = in_conversation and e.seq > f.read_seq and e.kind = 'message'
          and e.sender_id <> f.sender
        order by e.seq limit 1
      ) is not null as unread
    from firsts f
  ), marked as materialized (
    -- Who has nothing of others unread has read up to their own message.
    update members m set wrote_at = in_at,
      read_seq = coalesce((select o.seq from standing o where o.sender = m.account_id and not o.unread), m.read_seq)
    where m.conversation_id = in_conversation and m.account_id = any (array(select o.sender from standing o))
    returning m.account_id, (select o.seq from standing o where o.sender = m.account_id and not o.unread) as read_seq
  ), hidden as materialized (
    select o.sender, array_agg(o.id) as accounts
    from (
      select s.sender, b.blocked_id as id from firsts s join blocks b on b.blocker_id = s.sender
      union select s.sender, b.blocker_id from firsts s join blocks b on b.blocked_id = s.sender
    ) o
    where (
      select g.state from members g where g.conversation_id = in_conversation and g.account_id = o.id
    ) = 'active'
    group by o.sender
  )
  select j.place, j.outcome, coalesce(f.new_seq, j.old_seq), case when f.new_seq is null then j.old_id else j.id end,
    case j.outcome when 'silenced' then j.silenced_until when 'written' then in_at else j.old_at end,
    c.kind, c.room_id, null::uuid[], coalesce(h.accounts, '{}'),
    case when f.new_seq = n.seq then k.read_seq end, null::uuid[], null::int
  from judged j
  left join fresh f on f.place = j.place
  left join firsts n on n.sender = f.sender
  left join marked k on k.account_id = f.sender
  left join hidden h on h.sender = f.sender;
end $$`;

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of tables.split(';\n').filter(part => part.trim()))
    await sql.raw(statement).execute(db);
  await sql.raw(appendMessage).execute(db);
  await sql.raw(appendMany).execute(db);
};
