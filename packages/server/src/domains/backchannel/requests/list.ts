import { type Request, SEQ_MAX } from '@sotto/protocol';
import { z } from 'zod';
import { refuse } from '../../../platform/refusal.ts';
import { type InboxDeps, present, readerOf } from '../inbox.ts';
import { readConversations } from '../store/conversations.ts';
import { countWaiting } from '../store/memberships.ts';
import { countHeld, type RequestPlace, type RequestRow, readRequests } from './list-store.ts';

/** `held`: what a rule keeps back (BC-17). */
type View = 'waiting' | 'held';
const states = { waiting: ['request', 'invited'], held: ['held'] } as const;

/** The nearest first: by how many whom the viewer follows follow them, then the newest (BC-18). */
export async function listRequests(
  deps: InboxDeps,
  account: string,
  page: { view: View; after?: string | undefined; limit: number },
): Promise<{ requests: Request[]; next: string | null; waiting: number; held: number }> {
  const after = page.after === undefined ? null : readCursor(page.after);
  const rows = await readRequests(deps.db, account, {
    states: states[page.view],
    after,
    limit: page.limit + 1,
  });
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    requests: await requestsOf(deps, account, shown),
    next: last ? writeCursor({ mutual: last.mutual, at: last.sentAt, id: last.id }) : null,
    waiting: await countWaiting(deps.db, account),
    held: await countHeld(deps.db, account),
  };
}

/** @throws Refusal `not_found` */
export async function getRequest(deps: InboxDeps, account: string, conversation: string): Promise<Request> {
  const rows = await readRequests(deps.db, account, {
    states: ['request', 'invited', 'held'],
    conversation,
    after: null,
    limit: 1,
  });
  const [request] = await requestsOf(deps, account, rows);
  if (!request) throw refuse('not_found');
  return request;
}

async function requestsOf(deps: InboxDeps, account: string, rows: readonly RequestRow[]): Promise<Request[]> {
  if (rows.length === 0) return [];
  const from = [...new Set(rows.map(row => row.from))];
  const reader = await readerOf(deps, account);
  const conversations = await present(
    deps,
    reader,
    await readConversations(
      deps.db,
      reader,
      rows.map(row => row.id),
      ['request', 'invited', 'held'],
    ),
  );
  const byId = new Map(conversations.map(conversation => [conversation.id, conversation]));
  const people = await deps.people.people([...from, ...rows.flatMap(row => row.near)], deps.db);
  const joined = await deps.people.joinedAt(from, deps.db);
  const rooms = await deps.rooms.lastTogether(account, from, deps.db);
  return rows.flatMap(row => {
    const conversation = byId.get(row.id);
    const person = people.get(row.from);
    const joinedAt = joined.get(row.from);
    if (!conversation || !person || !joinedAt) return [];
    return {
      conversation,
      from: person,
      sentAt: row.sentAt.toISOString(),
      provenance: {
        mutual: { count: row.mutual, people: row.near.flatMap(id => people.get(id) ?? []) },
        room: rooms.get(row.from) ?? null,
        joinedAt: joinedAt.toISOString(),
      },
    };
  });
}

const Place = z.tuple([z.int().min(0).max(SEQ_MAX), z.int().min(0).max(8.64e15), z.uuid()]);

const writeCursor = ({ mutual, at, id }: RequestPlace): string =>
  Buffer.from(JSON.stringify([mutual, at.getTime(), id])).toString('base64url');

function readCursor(cursor: string): RequestPlace {
  const place = Place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!place.success)
    throw refuse('invalid_input', {
      issues: [{ path: 'query.after', problem: 'format', expected: '`next` of the page before' }],
    });
  const [mutual, at, id] = place.data;
  return { mutual, at: new Date(at), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
