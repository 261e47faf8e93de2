import type { Person } from '@sotto/protocol';
import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { shortName } from '../../ui/shortName.ts';
import { words } from '../../words/index.ts';
import inboxStyles from '../inbox/Inbox.module.css';
import { PeopleField } from '../people/PeopleField.tsx';
import { PeopleFound } from '../people/PeopleFound.tsx';
import { usePeopleSearch } from '../people/usePeopleSearch.ts';
import styles from './Compose.module.css';

interface PeoplePickerProps {
  chosen: readonly Person[];
  onChange: (chosen: readonly Person[]) => void;
  /** Those who cannot be chosen, with the word that says why. */
  taken?: ReadonlyMap<string, string>;
}

/** Finds people and keeps those who are chosen: they stand above, and a tap takes one out again. */
export function PeoplePicker({ chosen, onChange, taken }: PeoplePickerProps) {
  const [typed, setTyped] = useState('');
  const search = usePeopleSearch(typed, 'write');
  const has = (id: string) => chosen.some(person => person.id === id);
  const toggle = (person: Person) =>
    onChange(has(person.id) ? chosen.filter(each => each.id !== person.id) : [...chosen, person]);
  return (
    <div className={styles.picker}>
      <PeopleField value={typed} onChange={setTyped} />
      {chosen.length > 0 && (
        <ul className={styles.chosen} aria-label={words.compose.chosen(chosen.length)}>
          {chosen.map(person => (
            <li key={person.id}>
              <button
                type="button"
                aria-label={words.compose.take(person.name)}
                title={words.compose.take(person.name)}
                onClick={() => toggle(person)}
              >
                <Face id={person.id} name={person.name} picture={person.picture?.small} size={26} />
                <span dir="auto">{shortName(person.name)}</span>
                <X />
              </button>
            </li>
          ))}
        </ul>
      )}
      <PeopleFound
        search={search}
        nobody={taken && { title: words.group.nobodyTitle, text: words.group.nobodyText }}
      >
        {list => (
          <>
            {search.query === '' && list.every(({ id }) => taken?.has(id)) && (
              <p className={styles.all}>{words.group.allIn}</p>
            )}
            <ul className={inboxStyles.list}>
              {choosable(list, taken).map(person => {
                const why = taken?.get(person.id);
                return (
                  <li key={person.id}>
                    <label className={cx(styles.pick, why !== undefined && styles.taken)}>
                      <input
                        type="checkbox"
                        className="visually-hidden"
                        checked={has(person.id) || why !== undefined}
                        disabled={why !== undefined}
                        onChange={() => toggle(person)}
                      />
                      <Row
                        lead={
                          <Face id={person.id} name={person.name} picture={person.picture?.small} size={46} />
                        }
                        title={person.name}
                        text={why ?? `@${person.handle}`}
                        aside={
                          <span className={styles.tick} aria-hidden="true">
                            <Check />
                          </span>
                        }
                      />
                    </label>
                  </li>
                );
              })}
            </ul>
          </>
        )}
      </PeopleFound>
    </div>
  );
}

/** Those who can be chosen come first. */
function choosable<T extends Person>(
  list: readonly T[],
  taken: ReadonlyMap<string, string> = new Map(),
): T[] {
  const [free = [], others = []] = [false, true].map(is => list.filter(({ id }) => taken.has(id) === is));
  return [...free, ...others];
}
