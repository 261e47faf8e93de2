import type { LogEntry } from '@sotto/protocol';
import { useState } from 'react';
import { paths } from '../../state/route.ts';
import type { Bubble } from '../../state/thread.ts';
import { cx } from '../../ui/cx.ts';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { words } from '../../words/index.ts';
import styles from './Sheets.module.css';
import { usePlace } from './thread-context.ts';

interface ReactorsSheetProps {
  bubble: Bubble;
  entries: readonly LogEntry[];
  onClose: () => void;
}

/** Who reacted, and with what. */
export function ReactorsSheet({ bubble, entries, onClose }: ReactorsSheetProps) {
  const { personOf, me } = usePlace();
  const [only, setOnly] = useState<string | null>(null);
  const entry = entries.find(({ seq }) => seq === bubble.seq);
  const reactions = entry?.kind === 'message' ? entry.message.reactions : [];
  const shown = reactions.filter(({ emoji }) => only === null || emoji === only);
  return (
    <Sheet title={words.conversation.whoReacted} onClose={onClose}>
      <div className={styles.tabs}>
        {reactions.map(({ emoji, count }) => (
          <button
            key={emoji}
            type="button"
            aria-pressed={only === emoji}
            className={cx(styles.tab, only === emoji && styles.current)}
            onClick={() => setOnly(now => (now === emoji ? null : emoji))}
          >
            {emoji} {words.number(count)}
          </button>
        ))}
      </div>
      <ul className={styles.people}>
        {shown.flatMap(({ emoji, accounts }) =>
          accounts.map(account => {
            const person = personOf(account);
            const name = account === me ? words.you : (person?.name ?? words.conversation.someone);
            return (
              <li key={`${emoji}-${account}`}>
                <Row
                  lead={<Face id={account} name={name} picture={person?.picture?.small} size={44} />}
                  title={name}
                  text={person && `@${person.handle}`}
                  aside={<span className={styles.emoji}>{emoji}</span>}
                  {...(person ? { href: paths.profile(person.handle) } : {})}
                />
              </li>
            );
          }),
        )}
      </ul>
    </Sheet>
  );
}
