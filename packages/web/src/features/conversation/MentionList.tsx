import type { Person } from '@sotto/protocol';
import { cx } from '../../ui/cx.ts';
import { Face } from '../../ui/Face.tsx';
import { words } from '../../words/index.ts';
import styles from './MentionList.module.css';

interface MentionListProps {
  id: string;
  people: readonly Person[];
  current: number;
  onPoint: (index: number) => void;
  onPick: (person: Person) => void;
}

/** People to mention, above the field. The field keeps the focus and names the current one. */
export function MentionList({ id, people, current, onPoint, onPick }: MentionListProps) {
  return (
    <div id={id} role="listbox" aria-label={words.conversation.mention} className={styles.list}>
      {people.map((person, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's.
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus.
        <div
          key={person.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === current}
          className={cx(styles.option, index === current && styles.current)}
          onPointerDown={event => event.preventDefault()}
          onPointerMove={() => index !== current && onPoint(index)}
          onClick={() => onPick(person)}
        >
          <Face id={person.id} name={person.name} picture={person.picture?.small} size={32} />
          <b dir="auto">{person.name}</b>
          <span dir="ltr">@{person.handle}</span>
        </div>
      ))}
    </div>
  );
}
