import { type Kysely, sql } from 'kysely';

const statements = `
create table secrets (
  name text primary key,
  value bytea not null,
  created_at timestamptz not null default now()
);

create table uploads (
  id uuid primary key,
  owner_id uuid not null references accounts,
  kind text not null check (kind in ('image', 'video', 'voice')),
  name text not null,
  bytes int not null check (bytes > 0),
  stored int not null default 0 check (stored between 0 and bytes),
  state text not null default 'open' check (state in ('open', 'done', 'refused', 'cancelled')),
  -- Why it was refused, so that a repeat hears the same.
  refusal jsonb,
  -- Until then a node is at work on it.
  finishing_until timestamptz,
  created_at timestamptz not null
);
create index uploads_owner on uploads (owner_id, created_at);
create index uploads_created on uploads (created_at);

create table upload_chunks (
  upload_id uuid not null references uploads on delete cascade,
  start int not null,
  bytes int not null,
  key text not null,
  primary key (upload_id, start)
);

create table attachments (
  id uuid primary key,
  owner_id uuid not null references accounts,
  kind text not null check (kind in ('image', 'video', 'voice')),
  type text not null,
  bytes int not null,
  width int,
  height int,
  seconds double precision,
  moving boolean not null,
  blur text,
  waveform jsonb,
  -- The names of its files.
  file_names text[] not null,
  -- Where it was sent; null until then.
  conversation_id uuid,
  seq int,
  created_at timestamptz not null,
  check ((conversation_id is null) = (seq is null))
);
create index attachments_unsent on attachments (created_at) where conversation_id is null;
create index attachments_sent on attachments (conversation_id, seq) where conversation_id is not null;
`;

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements.split(';\n').filter(part => part.trim()))
    await sql.raw(statement).execute(db);
};
