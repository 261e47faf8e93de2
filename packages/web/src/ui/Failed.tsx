import { words } from '../words/index.ts';
import { Button } from './Button.tsx';
import styles from './Failed.module.css';

/** In the place of a part of a screen that didn't load: why, and a way to try again. */
export function Failed({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <div role="alert" className={styles.failed}>
      <p>{text}</p>
      <Button onClick={onRetry}>{words.retry}</Button>
    </div>
  );
}
