import type { Report } from '@sotto/protocol';
import type { OutputOf } from '@sotto/sdk';
import Flag from 'lucide-react/icons/flag';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { reports } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Choice.tsx';
import { Face } from '../../ui/Face.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { shortAgo } from '../../words/time.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Console.module.css';

type Queue = OutputOf<'GET /v1/admin/reports'>;

/** Open ones oldest first, closed ones latest first; it follows what is heard of new ones. */
export function ReportQueue() {
  const [state, setState] = useState<'open' | 'closed'>('open');
  const open = useReadable(reports().open);
  const first = useLoad(state, signal => call('GET /v1/admin/reports', { query: { state }, signal }));
  const [further, setFurther] = useState<Queue | null>(null);
  const page = further ?? (first.state === 'ready' ? first.value : null);
  const { reload } = first;
  const heard = useRef(open);
  useEffect(() => {
    if (heard.current === open) return;
    heard.current = open;
    setFurther(null);
    reload();
  }, [open, reload]);
  const more = async (after: string) => {
    const next = await call('GET /v1/admin/reports', { query: { state, after } });
    setFurther({ ...next, reports: [...(page?.reports ?? []), ...next.reports] });
  };
  return (
    <div className={styles.stack}>
      <Segmented
        label={words.console.state}
        labelHidden
        value={state}
        onChange={next => {
          setFurther(null);
          setState(next);
        }}
        options={[
          { value: 'open', label: words.console.open },
          { value: 'closed', label: words.console.closed },
        ]}
      />
      {first.state === 'failed' && (
        <State
          alert
          icon={<Flag />}
          title={words.console.errorTitle}
          text={wordsFor(first.error)}
          action={<Button onClick={reload}>{words.retry}</Button>}
        />
      )}
      {first.state === 'loading' && <Skeleton kind="card" rows={3} />}
      {page?.reports.length === 0 && (
        <State
          icon={<Flag />}
          title={state === 'open' ? words.console.emptyTitle : words.console.closedEmptyTitle}
          text={state === 'open' ? words.console.emptyText : words.console.closedEmptyText}
        />
      )}
      {page && page.reports.length > 0 && (
        <ul className={styles.stack}>
          {page.reports.map(report => (
            <li key={report.id}>
              <Card report={report} />
            </li>
          ))}
        </ul>
      )}
      {page?.next && (
        <Button wide onClick={() => page.next && attempt(more(page.next))}>
          {words.console.more}
        </Button>
      )}
    </div>
  );
}

function Card({ report }: { report: Report }) {
  const { about, by, excerpt, reason, outcome, hidden, earlier, at, decidedAt } = report;
  return (
    <Link href={paths.consoleReport(report.id)} className={styles.card}>
      <span className={styles.head}>
        <Face id={about.id} name={about.name} picture={about.picture?.small} size={40} />
        <span className={styles.names}>
          <b dir="auto">{about.name}</b>
          <small>{words.reports.reasons[reason]}</small>
        </span>
        <time dateTime={decidedAt ?? at}>{shortAgo(decidedAt ?? at)}</time>
      </span>
      {excerpt && (
        <span className={styles.excerpt} dir="auto">
          <span>{excerpt}</span>
        </span>
      )}
      <span className={styles.line}>
        <span dir="auto">{words.console.reportedBy(by.name)}</span>
        {outcome ? (
          <b className={styles.outcome}>{words.reports.outcomes[outcome]}</b>
        ) : (
          earlier > 0 && <b className={styles.earlier}>{words.console.earlier(earlier)}</b>
        )}
      </span>
      {outcome && hidden && outcome !== 'hidden' && <small>{words.console.hiddenToo}</small>}
    </Link>
  );
}
