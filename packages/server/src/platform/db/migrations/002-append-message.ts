import { type Kysely, sql } from 'kysely';

/**
 * Appends one message to the log of a direct conversation, in one round trip and with plans that PostgreSQL keeps: the
 * hot path of the Backchannel. A volatile function's statements each see what was committed before them, so that what is
 * read after the lock is true until the transaction ends.
 */
const appendMessage = `
create function append_message(
  in_conversation uuid, in_sender uuid, in_client uuid, in_id uuid, in_text text, in_at timestamptz,
  -- absent: no such conversation, or not the sender's. reused: client id of another text. repeated: written before.
  out outcome text, out seq int, out id uuid, out at timestamptz, out other uuid,
  -- The sender's read mark where it moved, else null.
  out read_seq int
) language plpgsql as $$
begin
  select m.account_id into other
  from members me
  join members m on m.conversation_id = me.conversation_id and m.account_id <> me.account_id
  where me.conversation_id = in_conversation and me.account_id = in_sender;
  if other is null then
    outcome := 'absent';
    return;
  end if;

  perform from conversations c where c.id = in_conversation for update;

  select case when e.text = in_text then 'repeated' else 'reused' end, e.seq, e.id, e.created_at
  into outcome, seq, id, at
  from log_entries e
  where e.conversation_id = in_conversation and e.sender_id = in_sender and e.client_id = in_client;
  if found then
    return;
  end if;

  if exists (
    select from blocks b
    where (b.blocker_id = in_sender and b.blocked_id = other)
      or (b.blocker_id = other and b.blocked_id = in_sender)
  ) then
    outcome := 'blocked';
    return;
  end if;

  update conversations c set head = c.head + 1, last_entry_at = in_at
  where c.id = in_conversation
  returning c.head into seq;
  insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, created_at)
  values (in_conversation, seq, in_id, 'message', in_sender, in_client, in_text, in_at);
  -- Who has nothing of the other unread has read up to their own message.
  update members m set read_seq = append_message.seq
  where m.conversation_id = in_conversation and m.account_id = in_sender
    and not exists (
      select from log_entries e
      where e.conversation_id = in_conversation and e.seq > m.read_seq and e.sender_id <> in_sender
    )
  returning m.read_seq into read_seq;
  outcome := 'written';
  id := in_id;
  at := in_at;
end $$`;

export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql.raw(appendMessage).execute(db);
};
