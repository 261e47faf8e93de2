import { openDatabase } from '@sotto/server';
import { makePerson } from '@sotto/testkit';
import { sql } from 'kysely';
import { startInProcess } from './in-process.ts';
import { percentile } from './messages/load.ts';
import type { BenchResult } from './result.ts';

const MESSAGES = 1_000_000;
const CONVERSATIONS = 1000;
/** Of the one who searches. */
const OWN = 100;
const TIMES = 60;
/** Of somebody who has been silent since before all of that: conversations, and messages of each. */
const QUIET = { conversations: 20, messages: 100 } as const;

/** One message in so many has the word. */
const WORDS = { common: 3, frequent: 50, rare: 20_000, single: MESSAGES } as const;

/** A search by HTTP in a million messages, of which a tenth are one's own. */
export async function run(): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  const { port, connection, mailbox } = await startInProcess(stack);
  const url = `http://127.0.0.1:${port}`;
  const reader = await makePerson({ url, mailbox, name: 'Reader', online: false });
  const writer = await makePerson({ url, mailbox, name: 'Writer', online: false });
  const quiet = await makePerson({ url, mailbox, name: 'Quiet', online: false });
  const filled = await fill(connection, reader.id, writer.id, quiet.id);

  const search = async (person: typeof reader, query: string): Promise<number> => {
    const begun = performance.now();
    // Where it takes too long, that is what it took.
    await person.call('GET /v1/messages', { query: { query } }).catch(() => undefined);
    return performance.now() - begun;
  };
  const rows: BenchResult['rows'] = [];
  const asked = [
    ...Object.entries(WORDS).map(([name, every]) => ({
      person: reader,
      query: name,
      word: `${name}: 1 of ${every.toLocaleString('en')}`,
    })),
    { person: quiet, query: 'w', word: 'one letter, by who was silent for long' },
    { person: quiet, query: 'w kettle', word: 'a letter and a word, by the same' },
  ];
  for (const { person, query, word } of asked) {
    const times: number[] = [await search(person, query)];
    if ((times[0] ?? 0) < 1000) times.pop();
    // What takes seconds takes them each time.
    const turns = times.length > 0 ? 2 : TIMES;
    for (let turn = 0; turn < turns; turn++) times.push(await search(person, query));
    times.sort((a, b) => a - b);
    rows.push({
      word,
      'p50 ms': Math.round(percentile(times, 50) * 10) / 10,
      'p95 ms': Math.round(percentile(times, 95) * 10) / 10,
    });
  }
  return {
    name: `Search in ${MESSAGES.toLocaleString('en')} messages`,
    rows,
    notes: [
      `${CONVERSATIONS} groups, ${OWN} of them the searcher’s; over HTTP, one after another, ${TIMES} times each, after one to warm up.`,
      `The index weighs ${filled.indexMegabytes} MB, the messages ${filled.tableMegabytes} MB.`,
    ],
  };
}

async function fill(
  connection: Parameters<typeof openDatabase>[0]['connection'],
  reader: string,
  writer: string,
  quiet: string,
): Promise<{ indexMegabytes: number; tableMegabytes: number }> {
  const { db, close } = openDatabase({ connection });
  try {
    await sql`
      insert into conversations (id, kind, title, head, last_seq, last_entry_at, people_count)
      select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'group', 'Group ' || n,
        ${MESSAGES / CONVERSATIONS}, ${MESSAGES / CONVERSATIONS}, now(), 2
      from generate_series(1, ${CONVERSATIONS}) n`.execute(db);
    await sql`
      insert into members (conversation_id, account_id, state, role)
      select c.id, ${writer}::uuid, 'active', 'owner' from conversations c
      union all
      (select c.id, ${reader}::uuid, 'active', 'member' from conversations c order by c.id limit ${OWN})`.execute(
      db,
    );
    // Filled without what follows a message (previews, pushes), and the index made at the end: only the searches are measured.
    await sql`alter table log_entries disable trigger user`.execute(db);
    await sql`drop index log_entries_search`.execute(db);
    // In the order in which a busy network writes: all conversations at the same time.
    await sql`
      insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, search, created_at)
      select c.id, n / ${CONVERSATIONS} + 1, uuidv7(make_interval(secs => n - ${MESSAGES})), 'message', ${writer}::uuid, uuidv7(),
        'w' || n % 5000 || ' w' || (n * 7) % 20011 || ' w' || (n * 13) % 997 || ' and some more words to fill a line',
        array_to_tsvector(array['w' || n % 5000, 'w' || (n * 7) % 20011, 'w' || (n * 13) % 997, 'and', 'some', 'more', 'words',
          'to', 'fill', 'a', 'line', '@' || c.id]
          || case when n % ${WORDS.common} = 0 then '{common}'::text[] else '{}' end
          || case when hashint4(n) % ${WORDS.frequent} = 0 then '{frequent}'::text[] else '{}' end
          || case when hashint4(n) % ${WORDS.rare} = 0 then '{rare}'::text[] else '{}' end
          || case when n = 1000 then '{single}'::text[] else '{}' end),
        now() - make_interval(secs => ${MESSAGES} - n)
      from generate_series(0, ${MESSAGES - 1}) n
      join conversations c on c.id = ('00000000-0000-7000-8000-' || lpad(to_hex(n % ${CONVERSATIONS} + 1), 12, '0'))::uuid
      order by n`.execute(db);
    await sql`
      insert into conversations (id, kind, title, head, last_seq, last_entry_at, people_count)
      select ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'group', 'Quiet ' || n,
        ${QUIET.messages}::int, ${QUIET.messages}::int, now(), 2
      from generate_series(1, ${QUIET.conversations}::int) n`.execute(db);
    await sql`
      insert into members (conversation_id, account_id, state, role)
      select c.id, p.id, 'active', 'member' from conversations c, unnest(array[${writer}, ${quiet}]::uuid[]) p (id)
      where c.title like 'Quiet %'`.execute(db);
    await sql`
      insert into log_entries (conversation_id, seq, id, kind, sender_id, client_id, text, search, created_at)
      select c.id, n, uuidv7(make_interval(secs => n - ${2 * MESSAGES}::int)), 'message', ${writer}::uuid, uuidv7(), 'water for the kettle',
        array_to_tsvector(array['water', 'for', 'the', '@' || c.id] || case when n = 7 then '{kettle}'::text[] else '{}' end),
        now() - make_interval(secs => ${2 * MESSAGES}::int - n)
      from generate_series(1, ${QUIET.messages}::int) n, conversations c where c.title like 'Quiet %'`.execute(
      db,
    );
    await sql`create index log_entries_search on log_entries using gin (search) where search is not null`.execute(
      db,
    );
    await sql`alter table log_entries enable trigger user`.execute(db);
    await sql`vacuum analyze log_entries`.execute(db);
    await sql`analyze members`.execute(db);
    const { rows } = await sql<{ indexMegabytes: number; tableMegabytes: number }>`
      select (pg_relation_size('log_entries_search') / 1048576)::int as "indexMegabytes",
        (pg_table_size('log_entries') / 1048576)::int as "tableMegabytes"`.execute(db);
    return rows[0] ?? { indexMegabytes: 0, tableMegabytes: 0 };
  } finally {
    await close();
  }
}
