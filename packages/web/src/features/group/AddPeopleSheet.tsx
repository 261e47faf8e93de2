import type { Person } from '@sotto/protocol';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { groups } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import { PeoplePicker } from '../compose/PeoplePicker.tsx';
import styles from './GroupInfo.module.css';
import type { GroupPeople } from './GroupInfo.tsx';

interface AddPeopleSheetProps {
  group: string;
  people: GroupPeople;
  onAdded: () => void;
  onClose: () => void;
}

/** Adds people one by one: those who came in stay in, should the group be full before the last. */
export function AddPeopleSheet({ group, people: { people, max }, onAdded, onClose }: AddPeopleSheetProps) {
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const taken = new Map(
    people.map(({ person, invited }) => [
      person.id,
      invited ? words.group.alreadyInvited : words.group.already,
    ]),
  );
  const room = max - people.length;
  const add = useAction(async () => {
    for (const person of chosen) {
      await groups().add(group, person.id);
      setChosen(now => now.filter(each => each.id !== person.id));
      onAdded();
    }
    onClose();
  });
  return (
    <Sheet
      title={words.group.addTitle}
      onClose={onClose}
      footer={
        <Button
          tone="whisper"
          size="l"
          wide
          busy={add.busy}
          disabled={chosen.length === 0 || chosen.length > room}
          onClick={add.start}
        >
          {words.group.addAction(chosen.length)}
        </Button>
      }
    >
      <div className={styles.adding}>
        {add.error !== undefined ? (
          <p role="alert" className={styles.problem}>
            {wordsFor(add.error)}
          </p>
        ) : chosen.length > room ? (
          <p role="alert" className={styles.problem}>
            {words.group.full(max)}
          </p>
        ) : (
          <p className={styles.quiet}>{words.compose.invites}</p>
        )}
        <PeoplePicker chosen={chosen} onChange={setChosen} taken={taken} />
      </div>
    </Sheet>
  );
}
