import { useEffect, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { session } from '../../state/sotto.ts';
import { Announcer } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { lateScreen } from '../../ui/late.tsx';
import { Notes } from '../../ui/Notes.tsx';
import { note } from '../../ui/notes.ts';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './App.module.css';
import { Boundary } from './Boundary.tsx';
import { MeContext, type Member } from './me.ts';
import { Shell } from './Shell.tsx';

const Welcome = lateScreen(
  () => import('../signin/Welcome.tsx').then(module => module.Welcome),
  <Starting />,
);
const Setup = lateScreen(() => import('../signin/Setup.tsx').then(module => module.Setup), <Starting />);

/** Who is here decides what is shown: the door, making a profile, or the house. */
export function App() {
  return (
    <Boundary>
      <Inside />
      <Notes />
      <Announcer />
    </Boundary>
  );
}

function Inside() {
  const state = useReadable(session.state);
  const ended = state.state === 'signedOut' && state.reason === 'ended';
  useEffect(() => {
    if (ended) note(words.errors.not_signed_in as string);
  }, [ended]);
  if (state.state === 'unknown') return state.error ? <Unreachable error={state.error} /> : <Starting />;
  if (state.state === 'signedOut') return <Welcome />;
  const { me } = state;
  if (!me.complete || me.name === null || me.handle === null) return <Setup me={me} />;
  const member: Member = { ...me, name: me.name, handle: me.handle };
  return (
    <MeContext value={member}>
      <Shell key={me.id} />
    </MeContext>
  );
}

function Starting() {
  return (
    <main className={styles.starting} aria-busy="true">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M3 10v4M7.5 7v10M12 4v16M16.5 8v8M21 10v4" />
      </svg>
      <h1 className="visually-hidden">{words.name}</h1>
    </main>
  );
}

function Unreachable({ error }: { error: string }) {
  const [trying, setTrying] = useState(false);
  return (
    <main className={styles.starting}>
      <State
        alert
        title={words.offline.title}
        text={error === 'offline' ? words.offline.text : wordsFor({ code: error, details: {} })}
        action={
          <Button
            tone="ink"
            busy={trying}
            onClick={() => {
              setTrying(true);
              location.reload();
            }}
          >
            {words.retry}
          </Button>
        }
      />
    </main>
  );
}
