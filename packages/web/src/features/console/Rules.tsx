import { type FormEvent, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { linesOf } from '../../state/requests.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { AreaField } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { hostProblem } from '../settings/hosts.ts';
import styles from './Console.module.css';

/** Words and hosts that hold requests back on the whole server (BC-17). */
export function Rules() {
  const rules = useLoad('rules', signal => call('GET /v1/admin/rules', { signal }));
  return (
    <section className={styles.panel}>
      <h2>{words.console.rules}</h2>
      <p className={styles.muted}>{words.console.rulesText}</p>
      {rules.state === 'loading' && <Skeleton kind="row" rows={2} />}
      {rules.state === 'failed' && (
        <p role="alert" className={styles.muted}>
          {wordsFor(rules.error)} <Button onClick={rules.reload}>{words.retry}</Button>
        </p>
      )}
      {rules.state === 'ready' && <Form key={JSON.stringify(rules.value)} rules={rules.value} />}
    </section>
  );
}

function Form({ rules }: { rules: { words: string[]; hosts: string[] } }) {
  const [held, setHeld] = useState(rules.words.join('\n'));
  const [hosts, setHosts] = useState(rules.hosts.join('\n'));
  const save = useAction(async () => {
    const now = await call('PUT /v1/admin/rules', {
      body: { words: linesOf(held), hosts: linesOf(hosts) },
    });
    setHeld(now.words.join('\n'));
    setHosts(now.hosts.join('\n'));
    note(words.console.saved);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.start();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <AreaField
        label={words.console.words}
        hint={words.requests.wordsHint}
        value={held}
        spellCheck={false}
        onChange={event => setHeld(event.target.value)}
      />
      <AreaField
        label={words.console.hosts}
        hint={words.console.hostsHint}
        value={hosts}
        spellCheck={false}
        autoCapitalize="off"
        error={
          save.error === undefined
            ? undefined
            : (hostProblem(save.error, linesOf(hosts)) ?? wordsFor(save.error))
        }
        onChange={event => {
          setHosts(event.target.value);
          save.clear();
        }}
      />
      <Button type="submit" tone="ink" busy={save.busy}>
        {words.console.save}
      </Button>
    </form>
  );
}
