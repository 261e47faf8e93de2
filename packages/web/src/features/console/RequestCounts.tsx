import { Link } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { call } from '../../state/sotto.ts';
import { Failed } from '../../ui/Failed.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import styles from './Console.module.css';

/** Requests sent, accepted and reported per account (BC-18). */
export function RequestCounts() {
  const counts = useLoad('counts', signal => call('GET /v1/admin/requests', { query: { days: 30 }, signal }));
  return (
    <section className={styles.panel}>
      <h2>{words.console.counts}</h2>
      <p className={styles.muted}>{words.console.countsText}</p>
      {counts.state === 'loading' && <Skeleton kind="row" rows={3} />}
      {counts.state === 'failed' && <Failed text={wordsFor(counts.error)} onRetry={counts.reload} />}
      {counts.state === 'ready' &&
        (counts.value.accounts.length === 0 ? (
          <p className={styles.muted}>{words.console.countsEmpty}</p>
        ) : (
          <table className={styles.counts}>
            <thead>
              <tr>
                <th scope="col">{words.console.person}</th>
                <th scope="col">{words.console.sent}</th>
                <th scope="col">{words.console.accepted}</th>
                <th scope="col">{words.console.reportedCount}</th>
              </tr>
            </thead>
            <tbody>
              {counts.value.accounts.map(({ person, sent, accepted, reported }) => (
                <tr key={person.id}>
                  <th scope="row">
                    <Link href={paths.profile(person.handle)}>
                      <bdi>{person.name}</bdi>
                    </Link>
                  </th>
                  <td>{words.console.number(sent)}</td>
                  <td>{words.console.number(accepted)}</td>
                  <td>{words.console.number(reported)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
    </section>
  );
}
