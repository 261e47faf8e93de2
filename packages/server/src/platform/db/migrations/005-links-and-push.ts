import { type Kysely, sql } from 'kysely';

const tables = `
create table link_previews (
  url_hash bytea primary key,
  preview jsonb,
  fresh_until timestamptz not null,
  fetching_until timestamptz
);
create index link_previews_fresh on link_previews (fresh_until);

create table link_jobs (
  conversation_id uuid not null,
  seq int not null,
  due_at timestamptz not null,
  tries int not null default 0,
  primary key (conversation_id, seq)
);
create index link_jobs_due on link_jobs (due_at);

create table push_subscriptions (
  id uuid primary key default uuidv7(),
  account_id uuid not null references accounts on delete cascade,
  session_id uuid not null unique references sessions on delete cascade,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null,
  retry_at timestamptz,
  failures int not null default 0
);
create index push_subscriptions_account on push_subscriptions (account_id);

create table push_choices (
  account_id uuid primary key references accounts on delete cascade,
  direct boolean not null default true,
  groups boolean not null default true,
  mentions boolean not null default true,
  quiet_from smallint,
  quiet_to smallint,
  quiet_zone text,
  hide_text boolean not null default false,
  check (num_nulls(quiet_from, quiet_to, quiet_zone) in (0, 3))
);

create table push_owed (
  account_id uuid not null references accounts on delete cascade,
  conversation_id uuid not null,
  seq int not null,
  mentioned boolean not null default false,
  due_at timestamptz not null,
  tries int not null default 0,
  sent_to uuid[] not null default '{}',
  primary key (account_id, conversation_id)
);
create index push_owed_due on push_owed (due_at);

create table push_shown (
  account_id uuid not null references accounts on delete cascade,
  conversation_id uuid not null,
  seq int not null,
  primary key (account_id, conversation_id)
);
`;

/**
 * What a message owes is written with it, in its transaction and without a round trip: the outbox of pushes and previews.
 * Both are cheap where there is nothing to do, for this is on the way of every message: a look at the text, and at
 * whether anybody at all wants pushes.
 */
const functions = [
  // What may hold a link: a dot with something on both sides. \`findLinks\` decides later.
  `create function link_job() returns trigger language plpgsql as $$
begin
  insert into link_jobs (conversation_id, seq, due_at) values (new.conversation_id, new.seq, new.created_at)
  on conflict do nothing;
  return null;
end $$`,
  `create trigger link_job after insert on log_entries for each row
when (new.kind = 'message' and new.text ~ '\\S\\.\\S\\S') execute function link_job()`,

  // Nothing is fetched for a request (BC-11); once it is accepted, it is a message as any.
  `create function link_jobs_of_accepted() returns trigger language plpgsql as $$
begin
  insert into link_jobs (conversation_id, seq, due_at)
  select e.conversation_id, e.seq, '-infinity'
  from log_entries e join conversations c on c.id = e.conversation_id
  where e.conversation_id = new.conversation_id and c.kind = 'direct' and e.kind = 'message' and e.previews is null
    and e.text ~ '\\S\\.\\S\\S'
  order by e.seq desc limit 20
  on conflict do nothing;
  return null;
end $$`,
  `create trigger link_jobs_of_accepted after update of state on members for each row
when (new.state = 'active' and old.state in ('request', 'held', 'queued', 'deleted'))
execute function link_jobs_of_accepted()`,

  `create function owe_pushes() returns trigger language plpgsql as $$
declare
  kind text;
  named text[] := '{}';
begin
  if not exists (select from push_subscriptions) then
    return null;
  end if;
  select c.kind into kind from conversations c where c.id = new.conversation_id;
  if position('@' in new.text) > 0 then
    named := array(
      select distinct rtrim(lower(m[1]), '._')
      from regexp_matches(new.text, '(?<![[:alnum:]_.@])@([a-z][a-z0-9._]{1,23})', 'gi') m limit 20
    );
  end if;
  if kind in ('direct', 'group') then
    insert into push_owed (account_id, conversation_id, seq, mentioned, due_at)
    select m.account_id, new.conversation_id, new.seq,
      named <> '{}' and exists (select from accounts a where a.id = m.account_id and a.handle = any(named)),
      new.created_at + interval '3 s'
    from members m
    where m.conversation_id = new.conversation_id and m.account_id <> new.sender_id and m.state = 'active'
      and (m.muted_until is null or m.muted_until <= new.created_at)
      and exists (select from push_subscriptions s where s.account_id = m.account_id)
    on conflict (account_id, conversation_id) do update
      set seq = excluded.seq, mentioned = push_owed.mentioned or excluded.mentioned;
  elsif named <> '{}' then
    -- A talk may have thousands of people and many messages a second: only whom it names.
    insert into push_owed (account_id, conversation_id, seq, mentioned, due_at)
    select m.account_id, new.conversation_id, new.seq, true, new.created_at + interval '3 s'
    from accounts a join members m on m.account_id = a.id and m.conversation_id = new.conversation_id
    where a.handle = any(named) and m.account_id <> new.sender_id and m.state = 'active'
      and (m.muted_until is null or m.muted_until <= new.created_at)
      and exists (select from push_subscriptions s where s.account_id = m.account_id)
    on conflict (account_id, conversation_id) do update set seq = excluded.seq, mentioned = true;
  end if;
  return null;
end $$`,
  `create trigger owe_pushes after insert on log_entries for each row
when (new.kind = 'message') execute function owe_pushes()`,

  // Read, on whatever device: what was shown of it elsewhere goes away.
  `create function owe_clearing() returns trigger language plpgsql as $$
begin
  insert into push_owed (account_id, conversation_id, seq, due_at)
  select s.account_id, s.conversation_id, s.seq, '-infinity'
  from push_shown s
  where s.account_id = new.account_id and s.conversation_id = new.conversation_id and s.seq <= new.read_seq
  on conflict (account_id, conversation_id) do nothing;
  return null;
end $$`,
  `create trigger owe_clearing after update of read_seq on members for each row
when (new.read_seq > old.read_seq) execute function owe_clearing()`,
];

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of [...tables.split(';\n').filter(part => part.trim()), ...functions])
    await sql.raw(statement).execute(db);
};
