import Mic from 'lucide-react/icons/mic';
import Play from 'lucide-react/icons/play';
import X from 'lucide-react/icons/x';
import { useState } from 'react';
import { words } from '../../words/index.ts';
import styles from './ChosenStrip.module.css';
import type { ChosenFile } from './useFiles.ts';

/** Of what the browser cannot draw the name is shown: the server may still read it. */
function Still({ src, name }: { src: string; name: string }) {
  const [unread, setUnread] = useState(false);
  if (unread) return <span className={styles.name}>{name}</span>;
  return <img src={src} alt={name} decoding="async" onError={() => setUnread(true)} />;
}

/** What was chosen to be sent, each to be taken out again. */
export function ChosenStrip({
  files,
  onRemove,
}: {
  files: readonly ChosenFile[];
  onRemove: (id: string) => void;
}) {
  if (files.length === 0) return null;
  return (
    <ul className={styles.strip} aria-label={words.conversation.attach}>
      {files.map(({ id, file, url, poster, name, measuring }) => {
        const still = file.kind === 'image' ? url : poster;
        return (
          <li key={id} className={styles.chosen} aria-busy={measuring || undefined}>
            {still ? (
              <Still src={still} name={name} />
            ) : (
              <span className={styles.name}>
                {file.kind === 'voice' && <Mic aria-hidden="true" />}
                {name}
              </span>
            )}
            {file.kind === 'video' && <Play className={styles.play} aria-hidden="true" fill="currentColor" />}
            <button
              type="button"
              aria-label={words.conversation.remove(name || words.conversation[file.kind])}
              onClick={() => onRemove(id)}
            >
              <X />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
