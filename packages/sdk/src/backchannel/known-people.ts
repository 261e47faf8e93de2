import type { AccountId, Conversation, Person } from '@sotto/protocol';
import type { Cache } from '../storage/cache.ts';
import { createStore, type Readable } from '../stores/store.ts';

/** Everyone this device has heard of by name. */
export interface KnownPeople extends Readable<ReadonlyMap<AccountId, Person>> {
  add(people: readonly Person[]): void;
  /** Those whom conversations show themselves. */
  addFrom(conversations: readonly Conversation[]): void;
  restore(): Promise<void>;
}

const CACHED = 500;

const isSame = (a: Person | undefined, b: Person) =>
  a?.handle === b.handle &&
  a.name === b.name &&
  a.newcomer === b.newcomer &&
  a.picture?.small === b.picture?.small;

export function createKnownPeople(cache: Cache): KnownPeople {
  const known = createStore<ReadonlyMap<AccountId, Person>>(new Map());

  const add = (people: readonly Person[]) => {
    const news = people.filter(person => !isSame(known.getSnapshot().get(person.id), person));
    if (news.length === 0) return;
    const next = new Map(known.getSnapshot());
    for (const person of news) {
      // Again at the end: the last heard of are kept on the device.
      next.delete(person.id);
      next.set(person.id, person);
    }
    known.set(next);
    cache.keep('people', () => [...known.getSnapshot().values()].slice(-CACHED));
  };

  return {
    getSnapshot: known.getSnapshot,
    subscribe: known.subscribe,
    add,
    addFrom: conversations =>
      add(
        conversations.flatMap(each =>
          each.kind === 'direct' ? [each.with] : each.kind === 'group' ? each.faces : [],
        ),
      ),
    async restore() {
      const kept = await cache.read('people');
      if (Array.isArray(kept)) add(kept);
    },
  };
}
