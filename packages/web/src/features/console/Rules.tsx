import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Failed } from '../../ui/Failed.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { HeldLists } from '../settings/HeldLists.tsx';
import styles from './Console.module.css';

/** Words and hosts that hold requests back on the whole server (BC-17). */
export function Rules() {
  const rules = useLoad('rules', signal => call('GET /v1/admin/rules', { signal }));
  return (
    <section className={styles.panel}>
      <h2>{words.console.rules}</h2>
      <p className={styles.muted}>{words.console.rulesText}</p>
      {rules.state === 'loading' && <Skeleton kind="row" rows={2} />}
      {rules.state === 'failed' && <Failed text={wordsFor(rules.error)} onRetry={rules.reload} />}
      {rules.state === 'ready' && (
        <HeldLists
          held={rules.value}
          onSave={held => call('PUT /v1/admin/rules', { body: held })}
          wordsLabel={words.console.words}
          hostsLabel={words.console.hosts}
          hostsHint={words.console.hostsHint}
        />
      )}
    </section>
  );
}
