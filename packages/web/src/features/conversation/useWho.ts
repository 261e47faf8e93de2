import type { Person } from '@sotto/protocol';
import { useContext, useMemo } from 'react';
import { MeContext } from '../shell/me.ts';
import type { ThreadPlace } from './thread-context.ts';

/** Whom a handle names. The handles are gathered when the first text asks: most name nobody. */
export function useWho(people: ReadonlyMap<string, Person>): ThreadPlace['who'] {
  const own = useContext(MeContext)?.handle;
  return useMemo(() => {
    let handles: ReadonlySet<string> | undefined;
    return handle => {
      if (handle === own) return 'me';
      handles ??= new Set([...people.values()].map(person => person.handle));
      return handles.has(handle) ? 'other' : 'nobody';
    };
  }, [people, own]);
}
