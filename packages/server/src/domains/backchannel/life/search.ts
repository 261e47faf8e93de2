import type { Conversation, LogEntry, Person } from '@sotto/protocol';
import { z } from 'zod';
import { refuse } from '../../../platform/refusal.ts';
import { memberOf } from '../access.ts';
import { peopleOf, presentEntries } from '../entries.ts';
import { firstsOf, type InboxDeps, present, readerOf } from '../inbox.ts';
import type { ConversationRow, EntryRow } from '../rows.ts';
import { readConversations } from '../store/conversations.ts';
import { findMessages } from './find.ts';
import { queryOf } from './words.ts';

export interface Found {
  found: { conversation: string; entry: LogEntry }[];
  conversations: Conversation[];
  people: Person[];
  next: string | null;
}

const nothing: Found = { found: [], conversations: [], people: [], next: null };

/**
 * Messages of the account's conversations that have all the words, newest first (BC-8). What it cannot read in the log (before
 * its time, taken out of view, withheld for a block) is not found either.
 * @throws Refusal `not_found` for a conversation that is not the account's
 */
export async function searchMessages(
  deps: InboxDeps,
  account: string,
  query: { query: string; conversation?: string | undefined; after?: string | undefined; limit: number },
): Promise<Found> {
  const after = query.after === undefined ? null : readCursor(query.after);
  if (query.conversation !== undefined) await memberOf(deps.db, account, query.conversation);
  const words = queryOf(query.query);
  if (words === null) return nothing;
  const reader = await readerOf(deps, account);
  const rows = await findMessages(deps.db, reader, {
    words,
    conversation: query.conversation ?? null,
    after,
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const named = await readConversations(deps.db, reader, [...new Set(page.map(row => row.conversation_id))]);
  const conversations = await present(deps, reader, named);
  const entries = await inOrder(deps, page, named, reader.blocked);
  return {
    found: page.flatMap((row, index) => {
      const entry = entries[index];
      return entry ? [{ conversation: row.conversation_id, entry }] : [];
    }),
    conversations,
    people: await peopleOf(
      deps,
      [...entries, ...conversations.flatMap(each => each.last ?? [])],
      reader.blocked,
    ),
    next: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** In direct conversations nothing is withheld. */
async function inOrder(
  deps: InboxDeps,
  rows: readonly EntryRow[],
  named: readonly ConversationRow[],
  blocked: ReadonlySet<string>,
): Promise<LogEntry[]> {
  const direct = new Set(named.flatMap(row => (row.kind === 'direct' ? row.id : [])));
  const firsts = firstsOf(named);
  const places = new Map<string, LogEntry>();
  for (const [withheld, part] of [
    [new Set<string>(), rows.filter(row => direct.has(row.conversation_id))],
    [blocked, rows.filter(row => !direct.has(row.conversation_id))],
  ] as const) {
    const entries = await presentEntries(deps, part, { withheld, firsts });
    part.forEach((row, index) => {
      const entry = entries[index];
      if (entry) places.set(row.id, entry);
    });
  }
  return rows.flatMap(row => places.get(row.id) ?? []);
}

/** Where a page ends: the id of its last message; ids sort by the time at which they were minted. */
function readCursor(cursor: string): string {
  const id = z.uuid().safeParse(cursor);
  if (!id.success)
    throw refuse('invalid_input', {
      issues: [{ path: 'query.after', problem: 'format', expected: '`next` of the page before' }],
    });
  return id.data;
}
