import Gavel from 'lucide-react/icons/gavel';
import { reports } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { call } from '../../state/sotto.ts';
import { IconRow } from '../../ui/IconRow.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './Settings.module.css';

/** For those who run the server: the way to the console, and how many reports wait there. */
export function ConsoleLink() {
  const heard = useReadable(reports().open);
  const queue = useLoad('open', signal => call('GET /v1/admin/reports', { query: { limit: 1 }, signal }));
  const open = heard ?? (queue.state === 'ready' ? queue.value.open : 0);
  return (
    <div className={styles.session}>
      <IconRow
        href={paths.consoleReports}
        icon={<Gavel />}
        title={words.console.link}
        text={words.console.linkText(open)}
      />
    </div>
  );
}
