import type { CSSProperties } from 'react';
import { words } from '../words/index.ts';
import styles from './Skeleton.module.css';

/** Shapes of what is coming. They fade in after 300 ms: what arrives sooner never flashes. */
export function Skeleton({ rows, kind }: { rows: number; kind: 'card' | 'row' | 'bubble' | 'face' }) {
  return (
    <div className={styles.group} data-kind={kind} role="status" aria-label={words.loading}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes are all alike and never move.
        <span key={index} className={styles[kind]} style={{ '--i': index } as CSSProperties} />
      ))}
    </div>
  );
}
