import ChevronRight from 'lucide-react/icons/chevron-right';
import MailQuestionMark from 'lucide-react/icons/mail-question-mark';
import { paths } from '../../state/route.ts';
import { inbox } from '../../state/sotto.ts';
import { Row } from '../../ui/Row.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './RequestsRow.module.css';

/** The quiet row on top of the inbox (BC-14): how many wait, and no badge. Not there while nothing waits. */
export function RequestsRow() {
  const { requests } = useReadable(inbox);
  if (requests === 0) return null;
  return (
    <div className={styles.row}>
      <Row
        href={paths.requests}
        lead={
          <span className={styles.icon}>
            <MailQuestionMark aria-hidden="true" />
          </span>
        }
        title={words.headings.requests}
        text={words.notices.rowCount(requests)}
        aside={<ChevronRight className={styles.chevron} aria-hidden="true" />}
      />
    </div>
  );
}
