import type { Person, Relation } from '@sotto/protocol';
import Search from 'lucide-react/icons/search';
import Send from 'lucide-react/icons/send';
import UserRound from 'lucide-react/icons/user-round';
import { useDeferredValue, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { people } from '../../state/sotto.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useWriteTo } from '../conversation/useWriteTo.ts';
import { attempt } from '../room/useRoomActions.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './People.module.css';

/** Find someone: to look at, to follow, to write to. */
export function People() {
  const me = useMe();
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim().replace(/^@/, ''));
  const found = useLoad(`people:${query}`, signal => people.search(query, signal));
  const [shown, setShown] = useState<(Person & { relation: Relation })[]>();
  const list = found.state === 'ready' ? found.value.filter(person => person.id !== me.id) : shown;
  // What was found stays until the next answer, so that nothing flickers while one types.
  if (found.state === 'ready' && list && list.map(id).join() !== shown?.map(id).join()) setShown(list);
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
      {found.state === 'failed' ? (
        <State
          alert
          icon={<Search />}
          title={words.errorUnknown}
          text={wordsFor(found.error)}
          action={<Button onClick={found.reload}>{words.retry}</Button>}
        />
      ) : !list ? (
        <Skeleton kind="row" rows={5} />
      ) : list.length === 0 ? (
        <State
          icon={<UserRound />}
          title={query ? words.people.noneTitle : words.people.nobodyTitle}
          text={query ? words.people.noneText : words.people.nobodyText}
        />
      ) : (
        <>
          {!query && <h2 className={styles.heading}>{words.people.meet}</h2>}
          <ul className={styles.list}>
            {list.map(person => (
              <li key={person.id}>
                <PersonRow person={person} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}

const id = (person: Person) => person.id;

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
