import AudioLines from 'lucide-react/icons/audio-lines';
import Send from 'lucide-react/icons/send';
import { useState } from 'react';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { steadyLevel } from '../../ui/level.ts';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { SignIn } from './SignIn.tsx';
import styles from './Welcome.module.css';

const FACES = [
  { id: 'welcome-a', name: 'I O', level: 0.9 },
  { id: 'welcome-f', name: 'J W', level: 0 },
  { id: 'welcome-c', name: 'M T', level: 0.35 },
].map(face => ({ ...face, level: steadyLevel(face.level) }));
const ICONS = [<AudioLines key="voice" />, <Send key="whisper" />];

/** The door: what this place is, then one address and one code. */
export function Welcome() {
  const [step, setStep] = useState<'welcome' | 'signIn'>('welcome');
  const server = useLoad('server', signal => call('GET /v1/server', { signal }));
  const about = server.state === 'ready' ? server.value : null;
  return (
    <main className={styles.welcome}>
      <div className={styles.card}>
        {step === 'welcome' ? (
          <>
            <div className={styles.faces} aria-hidden="true">
              {FACES.map(face => (
                <Face key={face.id} {...face} size={88} />
              ))}
            </div>
            <h1>{words.welcome.title}</h1>
            <p className={styles.text}>{words.welcome.text}</p>
            <ul className={styles.points}>
              {words.welcome.points.map((point, index) => (
                <li key={point.title} data-kind={index === 0 ? 'voice' : 'whisper'}>
                  {ICONS[index]}
                  <span>
                    <b>{point.title}</b>
                    {point.text}
                  </span>
                </li>
              ))}
            </ul>
            {about?.firstAccount && <p className={styles.first}>{words.welcome.first}</p>}
            <Button tone="voice" size="l" wide onClick={() => setStep('signIn')}>
              {words.welcome.action}
            </Button>
          </>
        ) : (
          <SignIn
            modes={about?.signIn ?? { email: true, phone: true, printed: false }}
            onBack={() => setStep('welcome')}
          />
        )}
      </div>
    </main>
  );
}
