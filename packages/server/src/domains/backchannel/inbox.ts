import type { AccountId, Conversation, LogEntry, Person, RoomId } from '@sotto/protocol';
import { z } from 'zod';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import { peopleOf, presentEntries, type Sight, withPersonCard } from './entries.ts';
import { conversationOf } from './policy.ts';
import type { Files, People, Relations, RoomsPort } from './ports.ts';
import type { ConversationRow, EntryRow } from './rows.ts';
import {
  type InboxPlace,
  type Reader,
  readConversation,
  readForMembers,
  readInbox,
} from './store/conversations.ts';
import { readEntries } from './store/log.ts';
import { countUnread, countWaiting } from './store/memberships.ts';

/** What reading the inbox needs. */
export interface InboxDeps {
  db: Executor;
  people: People;
  relations: Relations;
  files: Files;
  rooms: RoomsPort;
  now(): Date;
}

export const readerOf = async (
  { db, relations }: Pick<InboxDeps, 'db' | 'relations'>,
  account: string,
): Promise<Reader> => ({ account, blocked: await relations.blockedWith(account, db) });

/** Rows as their reader sees them. */
export const present = async (
  deps: InboxDeps,
  reader: Reader,
  rows: readonly ConversationRow[],
): Promise<Conversation[]> => (await presentEach(deps, reader, rows)).flatMap(each => each ?? []);

/** In the order of the rows; null where nothing is left to show. */
async function presentEach(
  deps: InboxDeps,
  reader: Pick<Reader, 'blocked'>,
  rows: readonly ConversationRow[],
): Promise<(Conversation | null)[]> {
  if (rows.length === 0) return [];
  // One after the other: inside a transaction there is one connection.
  const known = await deps.people.people(
    rows.flatMap(row => [...(row.other_id === null ? [] : [row.other_id]), ...(row.faces ?? [])]),
    deps.db,
  );
  const rooms = await roomsOf(deps, rows);
  const lasts = await lastsOf(deps, reader, rows);
  const pins = await pinsOf(deps, reader, rows);
  return rows.map(row =>
    conversationOf(row, {
      known,
      blocked: reader.blocked,
      rooms,
      last: (row.last && lasts.get(`${row.id} ${row.last.seq}`)) ?? null,
      pin: pins.get(`${row.id} ${row.pinned_seq}`) ?? null,
      now: deps.now(),
    }),
  );
}

/** Where each conversation begins for the reader whose rows they are. */
export const firstsOf = (rows: readonly Pick<ConversationRow, 'id' | 'first_seq'>[]): Sight['firsts'] =>
  new Map(rows.map(row => [row.id, row.first_seq]));

/** The newest messages: what a block hides in groups and talks stays to be read between two. */
async function lastsOf(
  deps: InboxDeps,
  { blocked }: Pick<Reader, 'blocked'>,
  rows: readonly ConversationRow[],
) {
  const direct = rows.flatMap(row => (row.kind === 'direct' && row.last) || []);
  const others = rows.flatMap(row => (row.kind !== 'direct' && row.last) || []);
  const firsts = firstsOf(rows);
  return new Map([
    ...(await entriesByPlace(deps, direct, { withheld: new Set(), firsts })),
    ...(await entriesByPlace(deps, others, { withheld: blocked, firsts })),
  ]);
}

const roomsOf = async ({ db, rooms }: InboxDeps, rows: readonly ConversationRow[]) => {
  const ids = rows.flatMap(row => row.room_id ?? []);
  return ids.length === 0
    ? new Map<RoomId, { title: string; ended: boolean }>()
    : rooms.titles([...new Set(ids)], db);
};

async function pinsOf(deps: InboxDeps, reader: Pick<Reader, 'blocked'>, rows: readonly ConversationRow[]) {
  const places = rows.flatMap(row =>
    row.pinned_seq === null || row.pinned_seq < row.first_seq
      ? []
      : [{ conversation: row.id, seq: row.pinned_seq }],
  );
  const pinned = await readEntries(deps.db, places);
  return entriesByPlace(
    deps,
    pinned.filter(
      row => row.hidden_at === null && row.sender_id !== null && !reader.blocked.has(row.sender_id),
    ),
    { withheld: reader.blocked, firsts: firstsOf(rows) },
  );
}

async function entriesByPlace(
  deps: InboxDeps,
  rows: readonly EntryRow[],
  sight: Sight,
): Promise<Map<string, LogEntry>> {
  const entries = await presentEntries(deps, rows, sight);
  return new Map(
    rows.flatMap((row, index) => {
      const entry = entries[index];
      return entry ? [[`${row.conversation_id} ${row.seq}`, entry]] : [];
    }),
  );
}

export async function getConversation(deps: InboxDeps, account: string, id: string): Promise<Conversation> {
  const reader = await readerOf(deps, account);
  const row = await readConversation(deps.db, reader, id);
  const [conversation] = row ? await present(deps, reader, [row]) : [];
  if (!conversation) throw refuse('not_found');
  return conversation;
}

/**
 * One conversation as each of these members sees it, with a few statements for all who see the same of it: the same begins it
 * for them, and the same people are out of their view.
 * @throws Refusal `not_found` where somebody does not see it
 */
export async function getForMembers(
  deps: InboxDeps,
  accounts: readonly AccountId[],
  id: string,
): Promise<Map<AccountId, Conversation>> {
  const blocks = await deps.relations.blockedWithEach(accounts, deps.db);
  const alike = Map.groupBy(accounts, account => [...(blocks.get(account) ?? [])].sort().join());
  const shown = new Map<AccountId, Conversation>();
  // One after the other: inside a transaction there is one connection.
  for (const same of alike.values()) {
    const blocked = blocks.get(same[0] ?? '') ?? new Set<AccountId>();
    const rows = await readForMembers(deps.db, { accounts: same, blocked }, id);
    for (const part of Map.groupBy(rows, row => row.first_seq).values()) {
      const conversations = await presentEach(deps, { blocked }, part);
      part.forEach((row, index) => {
        const conversation = conversations[index];
        if (conversation) shown.set(row.reader, conversation);
      });
    }
  }
  if (accounts.some(account => !shown.has(account))) throw refuse('not_found');
  return shown;
}

/** A page of the inbox, and how many conversations of all hold something unread. */
export async function listConversations(
  deps: InboxDeps,
  account: string,
  page: { view: 'inbox' | 'archived'; after?: string | undefined; limit: number },
): Promise<{
  conversations: Conversation[];
  people: Person[];
  next: string | null;
  unread: number;
  requests: number;
}> {
  const after = page.after === undefined ? null : readCursor(page.after);
  const reader = await readerOf(deps, account);
  const [rows, unread, requests] = await Promise.all([
    readInbox(deps.db, reader, { view: page.view, after, limit: page.limit + 1 }),
    countUnread(deps.db, reader, deps.now()),
    countWaiting(deps.db, account),
  ]);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  const conversations = await present(deps, reader, shown);
  return {
    conversations,
    people: await peopleInInbox(deps, conversations, reader),
    next: last?.last_entry_at
      ? writeCursor({ pinned: last.pinned_at !== null, at: last.last_entry_at, id: last.id })
      : null,
    unread,
    requests,
  };
}

/** Whom the newest messages name; direct conversations name the two themselves. */
export const peopleInInbox = (
  deps: InboxDeps,
  conversations: readonly Conversation[],
  reader: Reader,
): Promise<Person[]> =>
  peopleOf(
    deps,
    conversations.flatMap(({ kind, last }) =>
      last === null ? [] : kind === 'direct' ? withPersonCard([last]) : [last],
    ),
    reader.blocked,
  );

const Place = z.tuple([z.boolean(), z.int().min(0).max(8.64e15), z.uuid()]);

/** Where a page ends. It only turns pages; to catch up there is `resume` (RT-12). */
const writeCursor = ({ pinned, at, id }: InboxPlace): string =>
  Buffer.from(JSON.stringify([pinned, at.getTime(), id])).toString('base64url');

function readCursor(cursor: string): InboxPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = Place.safeParse(parseJson(text));
  if (!place.success)
    throw refuse('invalid_input', {
      issues: [{ path: 'query.after', problem: 'format', expected: '`next` of the page before' }],
    });
  const [pinned, at, id] = place.data;
  return { pinned, at: new Date(at), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
