import type { Person, Relation } from '@sotto/protocol';
import { useDeferredValue, useState } from 'react';
import { people } from '../../state/sotto.ts';
import { useLoad } from '../../ui/useLoad.ts';
import { useMe } from '../shell/me.ts';

export type Found = Person & { relation: Relation };

export type PeopleSearch = ReturnType<typeof usePeopleSearch>;

/**
 * People by what is typed; without, people to meet. What was found stays until the next answer, so that nothing flickers
 * while one types.
 * @param options.blocked whether those one has blocked are among them
 */
export function usePeopleSearch(typed: string, options: { blocked: boolean } = { blocked: false }) {
  const me = useMe();
  const query = useDeferredValue(typed.trim().replace(/^@/, ''));
  const found = useLoad(`people:${query}`, signal => people.search(query, signal));
  const [shown, setShown] = useState<Found[]>();
  const list =
    found.state === 'ready'
      ? found.value.filter(person => person.id !== me.id && (options.blocked || !person.relation.blocked))
      : shown;
  const key = (all: readonly Found[] | undefined) => all?.map(person => person.id).join();
  if (found.state === 'ready' && key(list) !== key(shown)) setShown(list);
  return { query, list, error: found.state === 'failed' ? found.error : undefined, reload: found.reload };
}
