import type { Person, Relation } from '@sotto/protocol';
import { useState } from 'react';
import { againAfter } from '../../state/errors.ts';
import { call, people } from '../../state/sotto.ts';
import { useAgainLater, useLoad } from '../../ui/useLoad.ts';
import { useSettled } from '../../ui/useSettled.ts';
import { useMe } from '../shell/me.ts';

export type Found = Person & { relation: Relation };

export type PeopleSearch = ReturnType<typeof usePeopleSearch>;

/** Whom one knows, then people to meet. */
async function toWriteTo(me: string, signal: AbortSignal): Promise<Found[]> {
  const following = { params: { account: me }, query: {}, signal };
  const [known, others] = await Promise.all([
    call('GET /v1/people/:account/following', following),
    people.search('', signal),
  ]);
  return [...new Map([...known.people, ...others].map(person => [person.id, person])).values()];
}

/**
 * People by what is typed. What was found stays until the next answer, so that nothing flickers while one types.
 * @param what `meet`: nothing typed yet, people one does not follow; those one has blocked are found too. `write`: those one
 *   follows come first; nobody one has blocked
 */
export function usePeopleSearch(typed: string, what: 'meet' | 'write') {
  const me = useMe();
  const wanted = typed.trim().replace(/^@/, '');
  const query = useSettled(wanted, wanted);
  const found = useLoad(`people:${what}:${query}`, signal =>
    query === '' && what === 'write' ? toWriteTo(me.id, signal) : people.search(query, signal),
  );
  const again = found.state === 'failed' ? againAfter(found.error) : null;
  useAgainLater(again, found.reload);
  const [shown, setShown] = useState<readonly Found[]>();
  const list =
    found.state === 'ready'
      ? found.value.filter(person => person.id !== me.id && (what === 'meet' || !person.relation.blocked))
      : shown;
  const key = (all: readonly Found[] | undefined) => all?.map(person => person.id).join();
  if (found.state === 'ready' && key(list) !== key(shown)) setShown(list);
  const error = found.state === 'failed' && again === null ? found.error : undefined;
  return { query, list, error, reload: found.reload };
}
