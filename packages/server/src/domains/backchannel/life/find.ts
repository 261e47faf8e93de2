import { type RawBuilder, sql } from 'kysely';
import { type Database, type Executor, withinTime } from '../../../platform/db/index.ts';
import { refuse } from '../../../platform/refusal.ts';
import type { EntryRow } from '../rows.ts';
import type { Reader } from '../store/conversations.ts';
import { entryColumns } from '../store/log.ts';

interface Wanted {
  /** A `tsquery`. */
  words: string;
  conversation: string | null;
  /** The id of the last one of the page before. */
  after: string | null;
  limit: number;
}

/** Messages that are looked at one by one, the newest first, before the index is asked. */
const RECENT = 20_000;

/** Milliseconds that each statement of a search may take. */
const TIME_MAX = 4000;

/**
 * What the reader may see and has all the words, newest first. Two ways, for words are either common or rare: the newest
 * messages one by one, which ends early for a common word; where that is not enough, the index, which has little to fetch for
 * what was not found among so many. The word for its conversation that each message has in the index (`append_message`) keeps
 * the messages of others out of what is fetched. It holds a connection that sending needs too, so it ends in time.
 * @throws Refusal `search_too_slow`
 */
export async function findMessages(db: Database, reader: Reader, wanted: Wanted): Promise<EntryRow[]> {
  const found = await withinTime(db, TIME_MAX, tx => find(tx, reader, wanted));
  if (found === null) throw refuse('search_too_slow');
  return found;
}

async function find(executor: Executor, reader: Reader, wanted: Wanted): Promise<EntryRow[]> {
  const own = await ownConversations(executor, reader.account, wanted.conversation);
  if (own.length === 0) return [];
  const recent = await amongRecent(executor, reader, own, wanted);
  if (recent.length >= wanted.limit) return recent;
  return byIndex(executor, reader, own, wanted);
}

async function ownConversations(
  executor: Executor,
  account: string,
  conversation: string | null,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.conversation_id as id from members m join conversations c on c.id = m.conversation_id
    where m.account_id = ${account} and m.state = 'active' and c.last_seq >= m.first_seq
      ${conversation === null ? sql`` : sql`and m.conversation_id = ${conversation}`}`.execute(executor);
  return rows.map(row => row.id);
}

const before = (after: string | null): RawBuilder<unknown> =>
  after === null ? sql`` : sql`and e.id < ${after}`;

/** What is carried along for many; whole messages are fetched for those of the page alone. */
const narrow = sql.raw('e.id, e.conversation_id, e.seq, e.kind, e.hidden_at, e.sender_id');

/** Of what was found (`found`, narrow): the newest that the reader may see, whole. */
const newestOf = (reader: Reader, limit: number): RawBuilder<unknown> => sql`
  select ${sql.raw(entryColumns('m'))}
  from (select e.id from found e where ${readable(reader)} order by e.id desc limit ${limit}) page
  join log_entries m on m.id = page.id
  order by m.id desc`;

/** In terms of `e` (the message). */
const readable = ({ account, blocked }: Reader): RawBuilder<unknown> => sql`
  e.kind = 'message' and e.hidden_at is null and exists (
    select from members m join conversations c on c.id = m.conversation_id
    where m.conversation_id = e.conversation_id and m.account_id = ${account} and m.state = 'active'
      and e.seq >= m.first_seq and (c.kind = 'direct' or e.sender_id <> all(${[...blocked]}::uuid[])))`;

async function amongRecent(
  executor: Executor,
  reader: Reader,
  own: readonly string[],
  { words, conversation, after, limit }: Wanted,
): Promise<EntryRow[]> {
  const recent =
    conversation === null
      ? sql`select ${narrow}, e.search from log_entries e where true ${before(after)} order by e.id desc limit ${RECENT}`
      : sql`select ${narrow}, e.search from log_entries e where e.conversation_id = ${conversation} ${before(after)}
          order by e.seq desc limit ${RECENT}`;
  const { rows } = await sql<EntryRow>`
    with found as materialized (
      select ${narrow} from (${recent}) e
      where e.conversation_id = any(${own}::uuid[]) and e.search @@ ${words}::tsquery
      limit ${limit * 4}
    )
    ${newestOf(reader, limit)}`.execute(executor);
  return rows;
}

async function byIndex(
  executor: Executor,
  reader: Reader,
  own: readonly string[],
  { words, after, limit }: Wanted,
): Promise<EntryRow[]> {
  const query = `(${own.map(id => `'${conversationWord(id)}'`).join(' | ')}) & ${words}`;
  const { rows } = await sql<EntryRow>`
    with found as materialized (
      select ${narrow} from log_entries e where e.search @@ ${query}::tsquery ${before(after)}
    )
    ${newestOf(reader, limit)}`.execute(executor);
  return rows;
}

/** The word that every message of a conversation has, and that nobody can write. */
const conversationWord = (id: string): string => `@${id}`;
