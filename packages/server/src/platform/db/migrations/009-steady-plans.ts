import { type Kysely, sql } from 'kysely';

/**
 * The plans of the functions that write messages hold for any table. They are made once for each connection, and again when the
 * table was analysed; two of them could read the whole log of a talk for each message: 2,000 messages a second became 900 in a
 * log of 30,000.
 * - What comes after a read mark is looked for in the order of the log. Where everything after it was gathered and sorted first,
 *   that was all there is, for those who write and do not read: neither is to be chosen.
 * - What was written is read again by its id, one by one: joined, it might be looked for in the whole table.
 * - Whether a message was sent before is looked up by its client's id, which is in nobody else's way. That the conversation is
 *   the same is only compared, so that no index of conversations can be taken for it.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create unique index log_entries_client on log_entries (client_id, sender_id, conversation_id)`.execute(
    db,
  );
  await sql`
    alter table log_entries drop constraint log_entries_conversation_id_sender_id_client_id_key`.execute(db);
  for (const { name, was, is } of lookups) {
    await sql`
      do $do$
      declare
        was text := (select pg_get_functiondef(p.oid) from pg_proc p where p.proname = ${sql.lit(name)});
        changed text := replace(was, ${sql.lit(was)}, ${sql.lit(is)});
      begin
        if changed = was then raise exception 'the lookup is not in %', ${sql.lit(name)}; end if;
        execute changed;
      end $do$`.execute(db);
    for (const way of ['enable_sort', 'enable_bitmapscan'])
      await sql`
        do $do$ begin
          execute (
            select format('alter function %s set %I = off', p.oid::regprocedure, ${sql.lit(way)})
            from pg_proc p where p.proname = ${sql.lit(name)}
          );
        end $do$`.execute(db);
  }
};

const lookups = [
  {
    name: 'append_message',
    was: 'e.conversation_id = in_conversation and e.sender_id = in_sender and e.client_id = in_client',
    is: 'e.client_id = in_client and e.sender_id = in_sender and (e.conversation_id = in_conversation) is true',
  },
  {
    name: 'append_many',
    was: 'x.conversation_id = d.conversation and x.sender_id = d.sender and x.client_id = d.client',
    is: 'x.client_id = d.client and x.sender_id = d.sender and (x.conversation_id = d.conversation) is true',
  },
  {
    name: 'append_many',
    was: 'from unnest(in_ids, in_texts) d (id, text) join log_entries e on e.id = d.id',
    is: `from unnest(in_ids, in_texts) d (id, text)
    cross join lateral (select x.* from log_entries x where x.id = d.id limit 1) e`,
  },
  {
    name: 'append_many',
    was: 'from unnest(in_ids) d (id) join log_entries e on e.id = d.id join conversations c on c.id = e.conversation_id',
    is: `from unnest(in_ids) d (id)
    cross join lateral (select x.* from log_entries x where x.id = d.id limit 1) e
    cross join lateral (select x.* from conversations x where x.id = e.conversation_id limit 1) c`,
  },
];
