import type { Me } from '@sotto/protocol';
import { wordsFor } from '../../state/errors.ts';
import { session } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import { ProfileForm } from '../profile/ProfileForm.tsx';
import styles from './Welcome.module.css';

/** A new account says who it is; nothing else works before. */
export function Setup({ me }: { me: Me }) {
  const leave = useAction(() => session.signOut());
  return (
    <main className={styles.welcome}>
      <div className={styles.card}>
        <h1>{words.setup.title}</h1>
        <p className={styles.text}>{words.setup.text}</p>
        <ProfileForm me={me} action={words.setup.action} />
        {leave.error !== undefined && (
          <p className={styles.first} role="alert">
            {wordsFor(leave.error)}
          </p>
        )}
        <Button tone="bare" busy={leave.busy} onClick={leave.start}>
          {words.setup.signOut}
        </Button>
      </div>
    </main>
  );
}
