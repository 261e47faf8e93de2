import type { Person, Relation } from '@sotto/protocol';
import { useState } from 'react';
import { paths } from '../../state/route.ts';
import { people } from '../../state/sotto.ts';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './People.module.css';
import { PeopleField } from './PeopleField.tsx';
import { PeopleFound } from './PeopleFound.tsx';
import { PersonButtons } from './PersonButtons.tsx';
import { usePeopleSearch } from './usePeopleSearch.ts';

/** Find someone: to look at, to follow, to write to. */
export function People() {
  const [typed, setTyped] = useState('');
  const search = usePeopleSearch(typed, 'meet');
  return (
    <Page title={words.people.title} back={paths.inbox}>
      <PeopleField value={typed} onChange={setTyped} />
      <PeopleFound search={search}>
        {list => (
          <>
            {!search.query && <h2 className={styles.heading}>{words.people.meet}</h2>}
            <ul className={styles.list}>
              {list.map(person => (
                <li key={person.id}>
                  <PersonRow person={person} />
                </li>
              ))}
            </ul>
          </>
        )}
      </PeopleFound>
    </Page>
  );
}

/** Someone in a list, with the airplane and a way to follow. */
export function PersonRow({ person }: { person: Person & { relation: Relation } }) {
  const me = useMe();
  const relation = useReadable(people.relations).get(person.id) ?? person.relation;
  return (
    <div className={styles.person}>
      <Row
        href={paths.profile(person.handle)}
        lead={<Face id={person.id} name={person.name} picture={person.picture?.small} size={48} />}
        title={person.name}
        text={`@${person.handle}${relation.followsYou ? ` · ${words.profile.followsYou}` : ''}`}
      />
      {person.id !== me.id && !relation.blocked && (
        <PersonButtons listed person={person} relation={relation} />
      )}
    </div>
  );
}
