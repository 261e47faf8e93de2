import Search from 'lucide-react/icons/search';
import UserRound from 'lucide-react/icons/user-round';
import type { ReactNode } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { Button } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { words } from '../../words/index.ts';
import type { Found, PeopleSearch } from './usePeopleSearch.ts';

interface PeopleFoundProps {
  search: PeopleSearch;
  /** Draws who was found; not asked where nobody was. */
  children: (list: readonly Found[]) => ReactNode;
}

/** What came of a search for people: somebody, nobody, not yet, or not at all. */
export function PeopleFound({ search: { query, list, error, reload }, children }: PeopleFoundProps) {
  if (error !== undefined)
    return (
      <State
        alert
        icon={<Search />}
        title={words.people.errorTitle}
        text={wordsFor(error)}
        action={<Button onClick={reload}>{words.retry}</Button>}
      />
    );
  if (!list) return <Skeleton kind="row" rows={5} />;
  if (list.length > 0) return children(list);
  return (
    <State
      icon={<UserRound />}
      title={query ? words.people.noneTitle : words.people.nobodyTitle}
      text={query ? words.people.noneText : words.people.nobodyText}
    />
  );
}
