import type { BackchannelChoices } from '@sotto/protocol';
import { type FormEvent, useEffect, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { choices, linesOf } from '../../state/requests.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { AreaField } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import { hostProblem } from './hosts.ts';
import styles from './Settings.module.css';

/** Who may write, receipts, and what is held back (BC-15, BC-8, BC-17). */
export function WhoMayWrite() {
  const now = useReadable(choices());
  const load = useAction(() => choices().load());
  const { start } = load;
  useEffect(() => start(), [start]);
  if (!now && load.error !== undefined)
    return (
      <p className={styles.muted} role="alert">
        {words.requests.choicesFailed} {wordsFor(load.error)} <Button onClick={start}>{words.retry}</Button>
      </p>
    );
  if (!now) return <Skeleton kind="row" rows={2} />;
  return <Chosen now={now} />;
}

function Chosen({ now }: { now: BackchannelChoices }) {
  const change = (changes: Partial<BackchannelChoices>) => attempt(choices().change(changes));
  return (
    <>
      <Segmented
        label={words.requests.who}
        value={now.whoMayWrite}
        onChange={whoMayWrite => change({ whoMayWrite })}
        options={[
          { value: 'everyone', label: words.requests.everyone, hint: words.requests.everyoneHint },
          { value: 'following', label: words.requests.following, hint: words.requests.followingHint },
          { value: 'nobody', label: words.requests.nobody, hint: words.requests.nobodyHint },
        ]}
      />
      <Switch
        label={words.requests.receipts}
        hint={words.requests.receiptsHint}
        checked={now.receipts}
        onChange={receipts => change({ receipts })}
      />
      <Lists key={JSON.stringify([now.heldWords, now.heldHosts])} now={now} />
    </>
  );
}

function Lists({ now }: { now: BackchannelChoices }) {
  const [heldWords, setWords] = useState(now.heldWords.join('\n'));
  const [heldHosts, setHosts] = useState(now.heldHosts.join('\n'));
  const save = useAction(async () => {
    await choices().change({ heldWords: linesOf(heldWords), heldHosts: linesOf(heldHosts) });
    note(words.requests.saved);
  });
  const same = heldWords === now.heldWords.join('\n') && heldHosts === now.heldHosts.join('\n');
  const wrong = save.error === undefined ? undefined : hostProblem(save.error, linesOf(heldHosts));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.start();
  };
  return (
    <form className={styles.lists} onSubmit={submit}>
      <AreaField
        label={words.requests.words}
        hint={words.requests.wordsHint}
        value={heldWords}
        spellCheck={false}
        onChange={event => setWords(event.target.value)}
      />
      <AreaField
        label={words.requests.hosts}
        hint={words.requests.hostsHint}
        value={heldHosts}
        spellCheck={false}
        autoCapitalize="off"
        error={save.error === undefined ? undefined : (wrong ?? wordsFor(save.error))}
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
    </form>
  );
}
