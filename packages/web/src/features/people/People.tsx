import type { Person, Relation } from '@sotto/protocol';
import Search from 'lucide-react/icons/search';
import Send from 'lucide-react/icons/send';
import { useState } from 'react';
import { paths } from '../../state/route.ts';
import { people } from '../../state/sotto.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useWriteTo } from '../conversation/useWriteTo.ts';
import { attempt } from '../room/useRoomActions.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './People.module.css';
import { PeopleFound } from './PeopleFound.tsx';
import { usePeopleSearch } from './usePeopleSearch.ts';

/** Find someone: to look at, to follow, to write to. */
export function People() {
  const [typed, setTyped] = useState('');
  const search = usePeopleSearch(typed, { blocked: true });
  return (
    <Page title={words.people.title} back={paths.inbox}>
      <label className={styles.search}>
        <Search aria-hidden="true" />
        <input
          type="search"
          dir="auto"
          aria-label={words.people.label}
          placeholder={words.people.placeholder}
          value={typed}
          onChange={event => setTyped(event.target.value)}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          // biome-ignore lint/a11y/noAutofocus: one comes here to type.
          autoFocus
        />
      </label>
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
  const writeTo = useWriteTo();
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
        <>
          <Button
            size="s"
            aria-pressed={relation.following}
            aria-label={`${relation.following ? words.profile.unfollow : words.profile.follow}: ${person.name}`}
            onClick={() =>
              attempt(relation.following ? people.unfollow(person.id) : people.follow(person.id))
            }
          >
            {relation.following ? words.profile.following : words.profile.follow}
          </Button>
          <RoundButton
            tone="whisper"
            label={words.people.writeTo(person.name)}
            icon={<Send />}
            onClick={() => attempt(writeTo(person.id))}
          />
        </>
      )}
    </div>
  );
}
