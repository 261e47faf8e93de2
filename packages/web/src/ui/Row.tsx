import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { cx } from './cx.ts';
import styles from './Row.module.css';

interface RowProps {
  lead: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  aside?: ReactNode;
  href?: string;
  /** Kept beside the address (History API): what the screen there is told and the address does not say. */
  state?: unknown;
  onPress?: () => void;
  current?: boolean;
  strong?: boolean;
}

/** A line in a list: a face, a name, a line of text, and something at the end. */
export function Row({ lead, title, text, aside, href, state, onPress, current, strong }: RowProps) {
  const inside = (
    <>
      {lead}
      <span className={styles.text}>
        <span className={styles.title} dir="auto">
          {title}
        </span>
        {text && (
          <span className={styles.line} dir="auto">
            {text}
          </span>
        )}
      </span>
      {aside && <span className={styles.aside}>{aside}</span>}
    </>
  );
  const name = cx(styles.row, strong && styles.strong);
  if (href)
    return (
      <Link href={href} state={state} className={name} aria-current={current ? 'page' : undefined}>
        {inside}
      </Link>
    );
  if (onPress)
    return (
      <button type="button" className={name} onClick={onPress}>
        {inside}
      </button>
    );
  return <div className={name}>{inside}</div>;
}
