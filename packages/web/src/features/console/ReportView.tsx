import Flag from 'lucide-react/icons/flag';
import { Link } from 'wouter';
import { codeOf, wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { longAgo } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import styles from './Console.module.css';
import { Decide } from './Decide.tsx';
import { EvidenceView } from './EvidenceView.tsx';

/** One report: whom it is about, what was said, and what to do. */
export function ReportView({ id }: { id: string }) {
  const found = useLoad(id, signal =>
    call('GET /v1/admin/reports/:report', { params: { report: id }, signal }),
  );
  if (found.state === 'loading') return <Skeleton kind="card" rows={2} />;
  if (found.state === 'failed') {
    const missing = ['not_found', 'invalid_input'].includes(codeOf(found.error) ?? '');
    return (
      <State
        alert
        icon={<Flag />}
        title={missing ? words.notFound.title : words.console.errorTitle}
        text={missing ? words.notFound.text : wordsFor(found.error)}
        action={!missing && <Button onClick={found.reload}>{words.retry}</Button>}
      />
    );
  }
  const { report, evidence, standing } = found.value;
  const { about, by } = report;
  return (
    <div className={styles.stack}>
      <section className={styles.panel}>
        <div className={styles.head}>
          <Face id={about.id} name={about.name} picture={about.picture?.small} size={52} />
          <span className={styles.names}>
            <Link href={paths.profile(about.handle)}>
              <b dir="auto">{about.name}</b>
            </Link>
            <small dir="ltr">@{about.handle}</small>
          </span>
        </div>
        <p className={styles.reason}>{words.reports.reasons[report.reason]}</p>
        <ul className={styles.facts}>
          <li>{report.earlier > 0 ? words.console.earlier(report.earlier) : words.console.firstTime}</li>
          <li>{words.console.kinds[report.kind]}</li>
          <li dir="auto">
            {words.console.reportedBy(by.name)}, {longAgo(report.at)}
          </li>
          {standing.silencedUntil && <li>{words.console.silencedUntil(standing.silencedUntil)}</li>}
          {standing.suspendedUntil && <li>{words.console.suspendedUntil(standing.suspendedUntil)}</li>}
        </ul>
        {report.note && (
          <blockquote className={styles.note} dir="auto">
            <small>{words.console.noteBy(by.name)}</small>
            {report.note}
          </blockquote>
        )}
      </section>
      <section className={styles.panel}>
        <h2>{words.console.evidence}</h2>
        {evidence.group && (
          <div className={styles.head}>
            <Face
              id={report.id}
              name={evidence.group.title || words.requests.aGroup}
              picture={evidence.group.picture?.large}
              size={96}
            />
            <b dir="auto">{evidence.group.title || words.requests.aGroup}</b>
          </div>
        )}
        {evidence.entries.length > 0 ? (
          <EvidenceView evidence={evidence} seq={report.seq} about={about.id} />
        ) : (
          <p className={styles.muted}>{words.console.wholePerson}</p>
        )}
      </section>
      <section className={styles.panel}>
        {report.outcome ? (
          <>
            <h2>{words.reports.outcomes[report.outcome]}</h2>
            {report.hidden && report.outcome !== 'hidden' && (
              <p className={styles.muted}>{words.console.hiddenToo}</p>
            )}
            <p className={styles.muted} dir="auto">
              {words.console.decidedBy(
                report.decidedBy?.name ?? words.conversation.someone,
                longAgo(report.decidedAt ?? report.at),
              )}
            </p>
            {report.remark && (
              <p className={styles.note} dir="auto">
                <small>{words.console.remark}</small>
                {report.remark}
              </p>
            )}
            {report.answer && (
              <p className={styles.note} dir="auto">
                <small>{words.console.answer}</small>
                {report.answer}
              </p>
            )}
          </>
        ) : (
          <Decide
            report={report}
            onDecided={decided => {
              found.change(now => ({ ...now, report: decided }));
              found.reload();
            }}
          />
        )}
      </section>
    </div>
  );
}
