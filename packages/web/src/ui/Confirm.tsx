import { words } from '../words/index.ts';
import { Button, type Tone } from './Button.tsx';
import styles from './Confirm.module.css';
import { Sheet } from './Sheet.tsx';
import { useAction } from './useAction.ts';

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  tone?: Tone;
  /** What went wrong, in words. */
  explain: (error: unknown) => string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks once more before what cannot be taken back. */
export function Confirm({ title, text, action, tone = 'danger', explain, onConfirm, onClose }: ConfirmProps) {
  const run = useAction(async () => {
    await onConfirm();
    onClose();
  });
  return (
    <Sheet title={title} onClose={onClose}>
      <div className={styles.confirm}>
        <p>{text}</p>
        {run.error !== undefined && (
          <p role="alert" className={styles.problem}>
            {explain(run.error)}
          </p>
        )}
        <div>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button tone={tone} busy={run.busy} onClick={run.start}>
            {action}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
