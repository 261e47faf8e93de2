import type { Reaction } from '@sotto/protocol';
import { useRef } from 'react';
import type { Bubble } from '../../state/thread.ts';
import { cx } from '../../ui/cx.ts';
import { words } from '../../words/index.ts';
import styles from './Reactions.module.css';
import { usePlace } from './thread-context.ts';

/** Shown one by one; what is more is a number that opens the list. */
const SHOWN = 6;
/** Milliseconds of a press that opens the list of who. */
const LONG = 450;

/** The reactions under a message: a tap gives or takes back, a long press says who. */
export function Reactions({ bubble, reactions }: { bubble: Bubble; reactions: readonly Reaction[] }) {
  const { actions, me, open } = usePlace();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const held = useRef(false);
  const rest = reactions.length - SHOWN;
  const end = () => clearTimeout(timer.current);
  return (
    <ul className={styles.reactions} aria-label={words.conversation.whoReacted}>
      {reactions.slice(0, SHOWN).map(({ emoji, count, accounts }) => {
        const mine = accounts.includes(me);
        return (
          <li key={emoji}>
            <button
              type="button"
              className={cx(styles.reaction, mine && styles.mine)}
              aria-pressed={mine}
              aria-label={words.conversation.reacted(emoji, count, mine)}
              onPointerDown={() => {
                held.current = false;
                timer.current = setTimeout(() => {
                  held.current = true;
                  actions.openReactors(bubble);
                }, LONG);
              }}
              onPointerUp={end}
              onPointerCancel={end}
              onPointerLeave={end}
              onContextMenu={event => {
                event.preventDefault();
                event.stopPropagation();
                if (!held.current) actions.openReactors(bubble);
              }}
              onClick={() => {
                if (held.current) return;
                if (open) actions.toggle(bubble, emoji);
                else actions.openReactors(bubble);
              }}
            >
              <span className={styles.emoji}>{emoji}</span>
              <span>{words.number(count)}</span>
            </button>
          </li>
        );
      })}
      <li>
        <button
          type="button"
          className={cx(styles.reaction, rest <= 0 && styles.who)}
          aria-label={words.conversation.whoReacted}
          onClick={() => actions.openReactors(bubble)}
        >
          {rest > 0 ? `+${words.number(rest)}` : '…'}
        </button>
      </li>
    </ul>
  );
}
