import { useEffect } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { reports } from '../../state/requests.ts';
import { Failed } from '../../ui/Failed.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { longAgo } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import styles from './OwnReports.module.css';

/** What one has reported, and what came of it. */
export function OwnReports() {
  const own = useReadable(reports().own);
  const load = useAction(() => reports().load());
  const { start } = load;
  useEffect(() => start(), [start]);
  if (!own && load.error !== undefined)
    return <Failed text={`${words.reports.ownFailed} ${wordsFor(load.error)}`} onRetry={start} />;
  if (!own) return <Skeleton kind="row" rows={1} />;
  if (own.length === 0) return <p className={styles.muted}>{words.reports.ownEmpty}</p>;
  return (
    <ul className={styles.list}>
      {own.map(report => (
        <li key={report.id}>
          <b dir="auto">{report.about.name}</b>
          <span className={styles.muted}>
            {words.reports.ownLine(words.reports.reasons[report.reason], longAgo(report.at))}
          </span>
          <span className={report.outcome ? styles.outcome : styles.waiting}>
            {report.outcome ? words.reports.outcomes[report.outcome] : words.reports.ownOpen}
          </span>
          {report.answer && (
            <q className={styles.answer} dir="auto">
              {report.answer}
            </q>
          )}
        </li>
      ))}
    </ul>
  );
}
