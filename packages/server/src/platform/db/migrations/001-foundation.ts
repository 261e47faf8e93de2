import { type Kysely, sql } from 'kysely';

/** Migrations never import the live schema: they say what was true on the day they were written. */
const statements = `
create table accounts (
  id uuid primary key default uuidv7(),
  handle text unique check (handle = lower(handle)),
  name text,
  bio text not null default '',
  picture text,
  admin boolean not null default false,
  search tsvector not null default '',
  created_at timestamptz not null default now()
);
create index accounts_search on accounts using gin (search);
create index accounts_created on accounts (created_at) where handle is not null and name is not null;

create table account_addresses (
  address text primary key,
  kind text not null check (kind in ('email', 'phone')),
  account_id uuid not null references accounts on delete cascade
);
create index account_addresses_account on account_addresses (account_id);

create table sign_in_codes (
  address text primary key,
  code_hash bytea not null,
  tries_left int not null,
  expires_at timestamptz not null,
  sent int not null default 1,
  sent_since timestamptz not null default now()
);

create table sessions (
  id uuid primary key default uuidv7(),
  account_id uuid not null references accounts on delete cascade,
  token_hash bytea not null unique,
  client text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);
create index sessions_account on sessions (account_id);

create unlogged table socket_tickets (
  ticket_hash bytea primary key,
  session_id uuid not null references sessions on delete cascade,
  expires_at timestamptz not null
);
create index socket_tickets_session on socket_tickets (session_id);

create table follows (
  follower_id uuid not null references accounts on delete cascade,
  followee_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null default now(),
  primary key (follower_id, followee_id),
  check (follower_id <> followee_id)
);
create index follows_followee on follows (followee_id, created_at);
create index follows_follower on follows (follower_id, created_at);

create table blocks (
  blocker_id uuid not null references accounts on delete cascade,
  blocked_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null default now(),
  primary key (blocker_id, blocked_id),
  check (blocker_id <> blocked_id)
);
create index blocks_blocked on blocks (blocked_id);

create table rooms (
  id uuid primary key default uuidv7(),
  title text not null,
  topics text[] not null default '{}',
  visibility text not null check (visibility in ('open', 'private')),
  hands text not null default 'everyone' check (hands in ('off', 'followed', 'everyone')),
  stage_locked boolean not null default false,
  key text not null,
  version int not null default 1,
  opened_by uuid not null references accounts on delete cascade,
  started_at timestamptz not null default now(),
  unmoderated_since timestamptz,
  ended_at timestamptz,
  end_reason text check (end_reason in ('ended', 'gone'))
);
create index rooms_live on rooms (started_at) where ended_at is null;

create table room_people (
  room_id uuid not null references rooms on delete cascade,
  account_id uuid not null references accounts on delete cascade,
  role text not null check (role in ('moderator', 'speaker', 'listener')),
  muted boolean not null default true,
  device text not null,
  session_id uuid references sessions on delete set null,
  entered_at timestamptz not null default now(),
  stage_at timestamptz,
  hand_at timestamptz,
  hand_line text not null default '',
  invited_by uuid references accounts on delete set null,
  moderation_offered_at timestamptz,
  moderation_declined boolean not null default false,
  disconnected_at timestamptz,
  left_at timestamptz,
  primary key (room_id, account_id)
);
-- RO-6: one room at a time.
create unique index room_people_inside on room_people (account_id) where left_at is null;
create index room_people_room on room_people (room_id) where left_at is null;
create index room_people_session on room_people (session_id) where session_id is not null;
create index room_people_signed_out on room_people (room_id) where left_at is null and session_id is null;
-- The few of a room that an action reads, whatever the size of its audience.
create index room_people_notable on room_people (room_id)
  where left_at is null and (role <> 'listener' or hand_at is not null or invited_by is not null);
create index room_people_listeners on room_people (room_id, entered_at, account_id)
  where left_at is null and role = 'listener';
create index room_people_disconnected on room_people (disconnected_at)
  where left_at is null and disconnected_at is not null;

create table room_kept_out (
  room_id uuid not null references rooms on delete cascade,
  account_id uuid not null references accounts on delete cascade,
  by_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null default now(),
  primary key (room_id, account_id)
);

create table room_pings (
  room_id uuid not null references rooms on delete cascade,
  account_id uuid not null references accounts on delete cascade,
  by_id uuid not null references accounts on delete cascade,
  created_at timestamptz not null default now(),
  primary key (room_id, account_id)
);

create table conversations (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('direct')),
  head int not null default 0,
  created_at timestamptz not null default now(),
  last_entry_at timestamptz
);

create table direct_conversations (
  low_id uuid not null references accounts on delete cascade,
  high_id uuid not null references accounts on delete cascade,
  conversation_id uuid not null references conversations on delete cascade,
  primary key (low_id, high_id),
  check (low_id < high_id)
);

create table members (
  conversation_id uuid not null references conversations on delete cascade,
  account_id uuid not null references accounts on delete cascade,
  read_seq int not null default 0,
  joined_at timestamptz not null default now(),
  primary key (conversation_id, account_id)
);
create index members_account on members (account_id);

create table log_entries (
  conversation_id uuid not null references conversations on delete cascade,
  seq int not null,
  id uuid not null unique default uuidv7(),
  kind text not null check (kind in ('message')),
  sender_id uuid not null references accounts,
  client_id uuid not null,
  text text not null,
  created_at timestamptz not null default now(),
  primary key (conversation_id, seq),
  unique (conversation_id, sender_id, client_id)
);
`;

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements.split(';\n').filter(part => part.trim()))
    await sql.raw(statement).execute(db);
};
