import { type Kysely, sql } from 'kysely';

/** Who came later than the first entry: asked for with each answer, among the thousands of a room's talk (BC-2). */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create index members_late on members (conversation_id, first_seq) where first_seq > 1`.execute(
    db,
  );
};
