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

/** Of one's own conversations, all together; and of each at least. */
const OWN_RECENT = 20_000;
const OF_EACH = 20;

/** Milliseconds that each statement of a search may take. */
const TIME_MAX = 4000;

/**
 * What the reader may see and has all the words, newest first. Two ways, for words are either common or rare: the newest
 * messages one by one, which ends early for a common word; where that is not enough, the index, which has little to fetch for
 * what was not found among so many. The word for its conversation that each message has in the index (`append_message`) keeps
 * the messages of others out of what is fetched. But not out of what it gathers for the beginnings of words: of one letter,
 * those of the whole network. So for these one's own newest messages are looked at between the two. It holds a connection that sending needs too, so it ends in time.
 * @throws Refusal `search_too_slow`
 */
export async function findMessages(db: Database, reader: Reader, wanted: Wanted): Promise<EntryRow[]> {
  const found = await withinTime(db, TIME_MAX, tx => find(tx, reader, wanted));
  if (found === null) throw refuse('search_too_slow');
  return found;
}

async function find(executor: Executor, reader: Reader, wanted: Wanted): Promise<EntryRow[]> {
  const conversations = await ownConversations(executor, reader.account, wanted.conversation);
  if (conversations.length === 0) return [];
  const own = conversations.map(each => each.id);
  const recent = await amongRecent(executor, reader, own, wanted);
  if (recent.length >= wanted.limit) return recent;
  const isWide = narrowing(wanted.words).length === 0;
  const mine = isWide ? await amongOwn(executor, reader, conversations, wanted) : null;
  return mine ?? byIndex(executor, reader, own, wanted);
}

/** The beginnings of words of three letters and more, and whole words: what is worth asking the index for. */
const narrowing = (words: string): string[] =>
  words.split(' & ').filter(word => !/^'.{1,2}':\*$/u.test(word));

/** A conversation of the reader's, and how much of its log they may see. */
interface Own {
  id: string;
  entries: number;
}

async function ownConversations(
  executor: Executor,
  account: string,
  conversation: string | null,
): Promise<Own[]> {
  const { rows } = await sql<Own>`
    select m.conversation_id as id, c.head - m.first_seq + 1 as entries from members m join conversations c on c.id = m.conversation_id
    where m.account_id = ${account} and m.state = 'active' and c.last_seq >= m.first_seq
      ${conversation === null ? sql`` : sql`and m.conversation_id = ${conversation}`}`.execute(executor);
  return rows;
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

/**
 * So many of the newest messages of each of one's conversations, down to where the first of them has more. Null where that is
 * neither a page nor all there is.
 */
async function amongOwn(
  executor: Executor,
  reader: Reader,
  own: readonly Own[],
  { words, after, limit }: Wanted,
): Promise<EntryRow[] | null> {
  const each = Math.max(OF_EACH, Math.floor(OWN_RECENT / own.length));
  const few = limit * 4;
  const { rows: found } = await sql<{ id: string }>`
    with newest as materialized (
      select e.* from unnest(${own.map(({ id }) => id)}::uuid[]) c (id)
      cross join lateral (
        select ${narrow}, e.search, row_number() over (order by e.seq desc) as place
        from log_entries e where e.conversation_id = c.id ${before(after)}
        order by e.seq desc limit ${each}
      ) e
    ), cut as materialized (
      select e.id from newest e where e.place = ${each} order by e.id desc limit 1
    )
    select e.id from newest e
    where e.search @@ ${words}::tsquery and e.id >= coalesce((select id from cut), e.id)
    order by e.id desc limit ${few}`.execute(executor);
  const { rows } = await sql<EntryRow>`
    with found as (select ${narrow} from log_entries e where e.id = any(${found.map(({ id }) => id)}::uuid[]))
    ${newestOf(reader, limit)}`.execute(executor);
  const isAll = found.length < few && own.every(({ entries }) => entries <= each);
  return rows.length >= limit || isAll ? rows : null;
}

async function byIndex(
  executor: Executor,
  reader: Reader,
  own: readonly string[],
  { words, after, limit }: Wanted,
): Promise<EntryRow[]> {
  const asked = narrowing(words).join(' & ') || words;
  const query = `(${own.map(id => `'${conversationWord(id)}'`).join(' | ')}) & ${asked}`;
  const { rows } = await sql<EntryRow>`
    with found as materialized (
      select ${narrow} from log_entries e where e.search @@ ${query}::tsquery ${before(after)}
        and (e.search @@ ${words}::tsquery) is true
    )
    ${newestOf(reader, limit)}`.execute(executor);
  return rows;
}

/** The word that every message of a conversation has, and that nobody can write. */
const conversationWord = (id: string): string => `@${id}`;
