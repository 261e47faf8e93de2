import ShieldAlert from 'lucide-react/icons/shield-alert';
import { Link } from 'wouter';
import { paths } from '../../state/route.ts';
import { State } from '../../ui/States.tsx';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Console.module.css';
import { ReportQueue } from './ReportQueue.tsx';
import { ReportView } from './ReportView.tsx';
import { RequestCounts } from './RequestCounts.tsx';
import { Rules } from './Rules.tsx';

/** Pages for those who run the server. */
export function Console({ page, id }: { page: 'reports' | 'requests'; id: string | null }) {
  const { admin } = useMe();
  if (!admin)
    return (
      <Page title={words.console.title} back={paths.settings}>
        <State
          icon={<ShieldAlert />}
          title={words.console.forbiddenTitle}
          text={words.console.forbiddenText}
        />
      </Page>
    );
  if (id !== null)
    return (
      <Page title={words.console.reports} back={paths.consoleReports}>
        <ReportView key={id} id={id} />
      </Page>
    );
  return (
    <Page title={words.console.title} back={paths.settings}>
      <nav className={styles.tabs} aria-label={words.console.title}>
        <Link href={paths.consoleReports} replace aria-current={page === 'reports' ? 'page' : undefined}>
          {words.console.reports}
        </Link>
        <Link href={paths.consoleRequests} replace aria-current={page === 'requests' ? 'page' : undefined}>
          {words.console.requests}
        </Link>
      </nav>
      {page === 'reports' ? (
        <ReportQueue />
      ) : (
        <div className={styles.stack}>
          <RequestCounts />
          <Rules />
        </div>
      )}
    </Page>
  );
}
