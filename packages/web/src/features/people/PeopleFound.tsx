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
  /** What to say where there is nobody before one has typed; default: nobody else is here. */
  nobody?: { title: string; text: string } | undefined;
  /** Draws who was found; not asked where nobody was. */
  children: (list: readonly Found[]) => ReactNode;
}

const ALONE = { title: words.people.nobodyTitle, text: words.people.nobodyText };

/** What came of a search for people: somebody, nobody, not yet, or not at all. */
export function PeopleFound({ search, nobody = ALONE, children }: PeopleFoundProps) {
  const { query, list, error, reload } = search;
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
      title={query ? words.people.noneTitle : nobody.title}
      text={query ? words.people.noneText : nobody.text}
    />
  );
}
