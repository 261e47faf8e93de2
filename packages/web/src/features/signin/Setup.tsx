import type { Me } from '@sotto/protocol';
import { session } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { ProfileForm } from '../profile/ProfileForm.tsx';
import styles from './Welcome.module.css';

/** A new account says who it is; nothing else works before. */
export function Setup({ me }: { me: Me }) {
  return (
    <main className={styles.welcome}>
      <div className={styles.card}>
        <h1>{words.setup.title}</h1>
        <p className={styles.text}>{words.setup.text}</p>
        <ProfileForm me={me} action={words.setup.action} />
        <Button tone="bare" onClick={() => void session.signOut()}>
          {words.setup.signOut}
        </Button>
      </div>
    </main>
  );
}
