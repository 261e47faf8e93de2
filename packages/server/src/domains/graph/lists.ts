import type { Person, Profile, Relation } from '@sotto/protocol';
import { visibleByHandle, visiblePerson } from './access.ts';
import type { Context } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { relation, relations } from './relation.ts';
import { blockedBy, countFollows, followPage, peopleToMeet, search } from './store.ts';

type Listed = Person & { relation: Relation };

async function listed(context: Context, viewer: string, ids: readonly string[]): Promise<Listed[]> {
  if (ids.length === 0) return [];
  const [people, standing] = await Promise.all([
    context.accounts.people(ids),
    relations(context.db, viewer, ids),
  ]);
  return ids.flatMap(id => {
    const person = people.get(id);
    const relation = standing.get(id);
    return person && relation ? [{ ...person, relation }] : [];
  });
}

export async function searchPeople(
  context: Context,
  viewer: string,
  { query, limit }: { query: string; limit: number },
): Promise<Listed[]> {
  if (query === '') return listed(context, viewer, await peopleToMeet(context.db, { viewer, limit }));
  const words = context.accounts.searchWords(query);
  if (words.length === 0) return [];
  const handle = query.replace(/^@/, '').toLowerCase();
  return listed(context, viewer, await search(context.db, { viewer, words, handle, limit }));
}

export async function listFollows(
  context: Context,
  viewer: string,
  side: 'followers' | 'following',
  page: { account: string; after?: string | undefined; limit: number },
): Promise<{ people: Listed[]; next: string | null }> {
  const { account, limit } = page;
  const after = readCursor(page.after);
  await visiblePerson(context, viewer, account);
  const rows = await followPage(context.db, side, { viewer, account, after, limit });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    people: await listed(
      context,
      viewer,
      shown.map(row => row.id),
    ),
    next: last && rows.length > limit ? writeCursor(last) : null,
  };
}

export async function listBlocked(context: Context, viewer: string): Promise<Person[]> {
  const ids = await blockedBy(context.db, viewer);
  const people = await context.accounts.people(ids);
  return ids.flatMap(id => people.get(id) ?? []);
}

export async function profileOf(context: Context, viewer: string, handle: string): Promise<Profile> {
  const { person, bio, joinedAt } = await visibleByHandle(context, viewer, handle);
  const [counts, standing] = await Promise.all([
    countFollows(context.db, person.id),
    relation(context.db, viewer, person.id),
  ]);
  return {
    person,
    bio,
    joinedAt,
    followers: counts.followers ?? 0,
    following: counts.following ?? 0,
    relation: standing,
    self: person.id === viewer,
    writing: await context.ports.writing(viewer, person.id),
    room: standing.blocked ? null : await context.ports.roomOf(viewer, person.id),
  };
}
