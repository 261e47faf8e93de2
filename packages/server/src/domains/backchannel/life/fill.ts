import { sql } from 'kysely';
import type { Platform } from '../../../platform/platform.ts';
import { type Repeated, repeat } from '../../../platform/repeat.ts';
import { messageWords } from './words.ts';

/** Messages in one transaction. */
const BATCH = 500;
/** Milliseconds until it is asked again whether a node that died has left some. */
const PAUSE = 5 * 60_000;

/**
 * Gives messages that were stored before there was a search (migration 007) the words that they are found by. What is done is
 * committed with what it is done to: it goes on where it broke off, on any node, several at once.
 */
export const startFilling = (platform: Platform): Repeated =>
  repeat(() => fill(platform), {
    pause: PAUSE,
    onError: error => platform.log.warn({ err: error }, 'old messages were not made findable'),
  });

/** @returns whether there may be more */
const fill = ({ transact }: Platform): Promise<boolean> =>
  transact(async ({ tx }) => {
    const { rows } = await sql<{ conversation: string; seq: number; text: string }>`
      with due as (
        select conversation_id, seq from search_owed order by conversation_id, seq limit ${BATCH} for update skip locked
      ), taken as (
        delete from search_owed o using due where o.conversation_id = due.conversation_id and o.seq = due.seq
      )
      select e.conversation_id as conversation, e.seq, e.text
      from due join log_entries e on e.conversation_id = due.conversation_id and e.seq = due.seq`.execute(tx);
    if (rows.length === 0) return false;
    await sql`
      update log_entries e
      set search = array_to_tsvector(array(select jsonb_array_elements_text(d.words)) || ('@' || d.conversation_id))
      from unnest(
        ${rows.map(row => row.conversation)}::uuid[], ${rows.map(row => row.seq)}::int[],
        ${rows.map(row => JSON.stringify(messageWords(row.text)))}::jsonb[]) as d (conversation_id, seq, words)
      where e.conversation_id = d.conversation_id and e.seq = d.seq and jsonb_array_length(d.words) > 0`.execute(
      tx,
    );
    return rows.length === BATCH;
  });
