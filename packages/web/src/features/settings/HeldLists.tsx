import { type FormEvent, useState } from 'react';
import { heldProblem, linesOf } from '../../state/held.ts';
import { Button } from '../../ui/Button.tsx';
import { AreaField } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './HeldLists.module.css';

export interface Held {
  words: string[];
  hosts: string[];
}

interface HeldListsProps {
  held: Held;
  /** Keeps them, and gives them back as they are kept. @throws SottoError */
  onSave: (held: Held) => Promise<Held>;
  wordsLabel: string;
  hostsLabel: string;
  hostsHint: string;
}

const textOf = (lines: readonly string[]): string => lines.join('\n');

/** Words and link hosts that hold requests back, one on each line (BC-17): a person’s own, or the operator’s for all. */
export function HeldLists({ held, onSave, wordsLabel, hostsLabel, hostsHint }: HeldListsProps) {
  const [kept, setKept] = useState(held);
  const [wordLines, setWords] = useState(textOf(held.words));
  const [hostLines, setHosts] = useState(textOf(held.hosts));
  const typed = { words: linesOf(wordLines), hosts: linesOf(hostLines) };
  const save = useAction(async () => {
    const now = await onSave(typed);
    setKept(now);
    setWords(textOf(now.words));
    setHosts(textOf(now.hosts));
    note(words.requests.saved);
  });
  const same = wordLines === textOf(kept.words) && hostLines === textOf(kept.hosts);
  // Changed on another device: shown, unless something is being written here.
  const told = JSON.stringify(held);
  const [heard, setHeard] = useState(told);
  if (told !== heard) {
    setHeard(told);
    setKept(held);
    if (same) {
      setWords(textOf(held.words));
      setHosts(textOf(held.hosts));
    }
  }
  const problem = save.error === undefined ? undefined : heldProblem(save.error, typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.start();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <AreaField
        label={wordsLabel}
        hint={words.requests.wordsHint}
        value={wordLines}
        spellCheck={false}
        error={problem?.words}
        onChange={event => {
          setWords(event.target.value);
          save.clear();
        }}
      />
      <AreaField
        label={hostsLabel}
        hint={hostsHint}
        value={hostLines}
        spellCheck={false}
        autoCapitalize="off"
        error={problem?.hosts}
        onChange={event => {
          setHosts(event.target.value);
          save.clear();
        }}
      />
      {!same && (
        <Button type="submit" tone="ink" busy={save.busy}>
          {words.requests.saveLists}
        </Button>
      )}
      {problem?.other && (
        <p role="alert" className={styles.problem}>
          {problem.other}
        </p>
      )}
    </form>
  );
}
