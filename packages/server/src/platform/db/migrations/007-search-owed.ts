import { type Kysely, sql } from 'kysely';

/**
 * Messages that have no words for the search: those from before migration 003, and later ones in which there are none, which
 * are looked at once more and are through. What folds words is not SQL: the Backchannel works this off, whenever it runs.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table search_owed (
      conversation_id uuid not null,
      seq int not null,
      primary key (conversation_id, seq),
      foreign key (conversation_id, seq) references log_entries on delete cascade
    )`.execute(db);
  await sql`
    insert into search_owed
    select conversation_id, seq from log_entries where kind = 'message' and search is null and text <> ''`.execute(
    db,
  );
};
