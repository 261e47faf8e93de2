import { Sheet } from '../../ui/Sheet.tsx';
import { words } from '../../words/index.ts';
import styles from './KeysSheet.module.css';

export function KeysSheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={words.keys.title} onClose={onClose}>
      <dl className={styles.keys}>
        {words.keys.list.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
