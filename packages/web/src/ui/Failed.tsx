import { words } from '../words/index.ts';
import { Button } from './Button.tsx';
import styles from './Failed.module.css';

interface FailedProps {
  text: string;
  /** It is being tried again. */
  busy?: boolean;
  onRetry: () => void;
}

/** In the place of a part of a screen that didn't load: why, and a way to try again. */
export function Failed({ text, busy = false, onRetry }: FailedProps) {
  return (
    <div role="alert" className={styles.failed}>
      <p>{text}</p>
      <Button busy={busy} onClick={onRetry}>
        {words.retry}
      </Button>
    </div>
  );
}
