import type { AccountId, Relation, ServerFrame } from '@sotto/protocol';
import type { Call, OutputOf } from '../calls/client.ts';
import { createStore, type Readable } from './store.ts';

/** How one stands to people, as far as this client has heard. */
export interface People {
  /** By account; filled by profiles, lists, calls and events. */
  readonly relations: Readable<ReadonlyMap<AccountId, Relation>>;
  profile(handle: string): Promise<OutputOf<'GET /v1/people/:handle'>>;
  /** Without a query: people to meet. */
  search(query: string, signal?: AbortSignal): Promise<OutputOf<'GET /v1/people'>['people']>;
  follow(account: AccountId): Promise<Relation>;
  unfollow(account: AccountId): Promise<Relation>;
  block(account: AccountId): Promise<Relation>;
  unblock(account: AccountId): Promise<Relation>;
}

export interface PeopleService {
  readonly people: People;
  handle(frame: ServerFrame): void;
  reset(): void;
}

export function createPeople(call: Call): PeopleService {
  const relations = createStore<ReadonlyMap<AccountId, Relation>>(new Map());
  const keep = (account: AccountId, relation: Relation) => {
    relations.update(now => new Map(now).set(account, relation));
    return relation;
  };
  const params = (account: AccountId) => ({ params: { account } });
  return {
    handle(frame) {
      if (frame.type === 'relation') keep(frame.account, frame.relation);
    },
    reset: () => relations.set(new Map()),
    people: {
      relations,
      async profile(handle) {
        const profile = await call('GET /v1/people/:handle', { params: { handle } });
        keep(profile.person.id, profile.relation);
        return profile;
      },
      async search(query, signal) {
        const { people } = await call(
          'GET /v1/people',
          signal ? { query: { query }, signal } : { query: { query } },
        );
        relations.update(now => new Map([...now, ...people.map(each => [each.id, each.relation] as const)]));
        return people;
      },
      follow: async id => keep(id, await call('PUT /v1/people/:account/follow', params(id))),
      unfollow: async id => keep(id, await call('DELETE /v1/people/:account/follow', params(id))),
      block: async id => keep(id, await call('PUT /v1/people/:account/block', params(id))),
      unblock: async id => keep(id, await call('DELETE /v1/people/:account/block', params(id))),
    },
  };
}
