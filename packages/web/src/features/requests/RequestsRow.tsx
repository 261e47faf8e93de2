import MailQuestionMark from 'lucide-react/icons/mail-question-mark';
import { paths } from '../../state/route.ts';
import { inbox } from '../../state/sotto.ts';
import { IconRow } from '../../ui/IconRow.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './RequestsRow.module.css';

/** The quiet row on top of the inbox (BC-14): how many wait, and no badge. Not there while nothing waits. */
export function RequestsRow() {
  const { requests } = useReadable(inbox);
  if (requests === 0) return null;
  return (
    <div className={styles.row}>
      <IconRow
        href={paths.requests}
        icon={<MailQuestionMark />}
        title={words.headings.requests}
        text={words.notices.rowCount(requests)}
      />
    </div>
  );
}
