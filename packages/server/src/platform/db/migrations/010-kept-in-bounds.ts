import { type Kysely, sql } from 'kysely';

/** What a picture of old weighs until it is asked for, and its bytes are counted. */
const TAKEN_FOR = 100_000;

const statements = [
  // Pictures of link previews are counted, so that they can be kept within bounds.
  `create table link_images (
    name text primary key,
    bytes int not null,
    shown_at timestamptz not null
  )`,
  `create index link_images_shown on link_images (shown_at)`,
  `insert into link_images (name, bytes, shown_at)
  select substr(p.path, 11), ${TAKEN_FOR}, max(p.at)
  from (
    select preview #>> '{image,path}' as path, now() as at from link_previews
    union all
    select each #>> '{image,path}', e.created_at
    from log_entries e cross join lateral jsonb_array_elements(e.previews) each
    where e.kind = 'message' and jsonb_typeof(e.previews) = 'array'
  ) p
  where p.path ~ '^/previews/[0-9a-f]{40}\\.webp$'
  group by p.path`,

  // What stands in a notification and is not to be seen any more: it is taken away, or another takes its place.
  `alter table push_shown add column gone boolean not null default false`,
  // The message that `sent_to` have been told of, 0 if it was taken away from them: told of another, they are told again.
  `alter table push_owed add column sent_seq int`,
  // What waits for one device's service does not keep what is new from the others.
  `create function push_at_once() returns trigger language plpgsql as $$
begin
  new.due_at := '-infinity';
  return new;
end $$`,
  `create trigger push_at_once before update of seq on push_owed for each row
when (new.seq > old.seq and old.sent_seq is not null) execute function push_at_once()`,
  `create index push_shown_entry on push_shown (conversation_id, seq)`,
  `create function owe_taking_away() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'blocks' then
    update push_shown s set gone = true
    where s.account_id = new.blocker_id and exists (
      select from log_entries e
      where e.conversation_id = s.conversation_id and e.seq = s.seq and e.sender_id = new.blocked_id);
    insert into push_owed (account_id, conversation_id, seq, due_at)
    select s.account_id, s.conversation_id, s.seq, '-infinity' from push_shown s
    where s.account_id = new.blocker_id and s.gone
    order by s.conversation_id
    on conflict (account_id, conversation_id) do nothing;
  else
    update push_shown s set gone = true where s.conversation_id = new.conversation_id and s.seq = new.seq;
    insert into push_owed (account_id, conversation_id, seq, due_at)
    select s.account_id, s.conversation_id, s.seq, '-infinity' from push_shown s
    where s.conversation_id = new.conversation_id and s.seq = new.seq and s.gone
    on conflict (account_id, conversation_id) do nothing;
  end if;
  return null;
end $$`,
  // When all else is done: a message that is just written has its conversation's lock first, and these rows last.
  `create constraint trigger owe_taking_away after update of hidden_at on log_entries
deferrable initially deferred for each row
when (new.hidden_at is not null and old.hidden_at is null) execute function owe_taking_away()`,
  `create constraint trigger owe_taking_away after insert on blocks
deferrable initially deferred for each row execute function owe_taking_away()`,
];

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db);
};
