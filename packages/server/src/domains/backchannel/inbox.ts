import type { Conversation } from '@sotto/protocol';
import { z } from 'zod';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import { conversationOf } from './policy.ts';
import type { People, Relations } from './ports.ts';
import type { ConversationRow } from './rows.ts';
import { type InboxPlace, readConversation, readInbox } from './store/conversations.ts';
import { countUnread } from './store/memberships.ts';

/** What reading the inbox needs. */
export interface InboxDeps {
  db: Executor;
  people: People;
  relations: Relations;
}

/** Rows as their reader sees them. That somebody was blocked shows only in that one cannot write. */
export async function present(
  { db, people, relations }: InboxDeps,
  account: string,
  rows: readonly ConversationRow[],
): Promise<Conversation[]> {
  if (rows.length === 0) return [];
  // One after the other: inside a transaction there is one connection.
  const known = await people.people(
    rows.map(row => row.other_id),
    db,
  );
  const blocked = await relations.blockedWith(account, db);
  return rows.flatMap(row => {
    const person = known.get(row.other_id);
    return person ? [conversationOf(row, person, !blocked.has(row.other_id))] : [];
  });
}

export async function getConversation(deps: InboxDeps, account: string, id: string): Promise<Conversation> {
  const row = await readConversation(deps.db, account, id);
  const [conversation] = row ? await present(deps, account, [row]) : [];
  if (!conversation) throw refuse('not_found');
  return conversation;
}

/** A page of the inbox, and how many conversations of all hold something unread. */
export async function listConversations(
  deps: InboxDeps,
  account: string,
  page: { after?: string | undefined; limit: number },
): Promise<{ conversations: Conversation[]; next: string | null; unread: number }> {
  const after = page.after === undefined ? null : readCursor(page.after);
  const [rows, unread] = await Promise.all([
    readInbox(deps.db, account, { after, limit: page.limit + 1 }),
    countUnread(deps.db, account),
  ]);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    conversations: await present(deps, account, shown),
    next: last?.last_entry_at ? writeCursor({ at: last.last_entry_at, id: last.id }) : null,
    unread,
  };
}

const Place = z.tuple([z.int().min(0).max(8.64e15), z.uuid()]);

/** Where a page ends. It only turns pages; to catch up there is `resume` (RT-12). */
const writeCursor = (place: InboxPlace): string =>
  Buffer.from(JSON.stringify([place.at.getTime(), place.id])).toString('base64url');

function readCursor(cursor: string): InboxPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = Place.safeParse(parseJson(text));
  if (!place.success)
    throw refuse('invalid_input', {
      issues: [{ path: 'query.after', problem: 'format', expected: '`next` of the page before' }],
    });
  return { at: new Date(place.data[0]), id: place.data[1] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
