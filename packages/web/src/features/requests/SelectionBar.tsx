import type { Request } from '@sotto/protocol';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { requests } from '../../state/requests.ts';
import { Button } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { lateSheet } from '../../ui/late.tsx';
import { note } from '../../ui/notes.ts';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './Requests.module.css';

const ReportSheet = lateSheet(() => import('../reports/ReportSheet.tsx').then(module => module.ReportSheet));

interface SelectionBarProps {
  chosen: readonly Request[];
  all: readonly Request[];
  onChoose: (requests: readonly Request[]) => void;
  onDone: () => void;
}

const said = {
  accept: words.requests.acceptedMany,
  delete: words.requests.removedMany,
  block: words.requests.blockedMany,
};

const idOf = ({ conversation }: Request): string => conversation.id;
/** Someone may ask to write, and into a group as well. */
const peopleOf = (of: readonly Request[]): number => new Set(of.map(({ from }) => from.id)).size;

/** The same for many requests at once (BC-13). */
export function SelectionBar({ chosen, all, onChoose, onDone }: SelectionBarProps) {
  const [asking, setAsking] = useState<'delete' | 'block' | 'report' | null>(null);
  const decide = async (action: 'accept' | 'delete' | 'block') => {
    const done = new Set(await requests().decide(chosen.map(idOf), action));
    const decided = chosen.filter(request => done.has(idOf(request)));
    note(said[action](action === 'block' ? peopleOf(decided) : decided.length));
    onDone();
  };
  const accept = useAction(() => decide('accept').catch(error => note(wordsFor(error), { tone: 'danger' })));
  const none = chosen.length === 0;
  const isAll = chosen.length === all.length;
  return (
    <div className={styles.selection}>
      <p aria-live="polite">{words.requests.selected(chosen.length)}</p>
      <Button size="s" tone="bare" onClick={() => onChoose(isAll ? [] : all)}>
        {isAll ? words.requests.selectNone : words.requests.selectAll}
      </Button>
      <div className={styles.buttons}>
        <Button tone="whisper" disabled={none} busy={accept.busy} onClick={accept.start}>
          {words.requests.accept}
        </Button>
        <Button disabled={none} onClick={() => setAsking('delete')}>
          {words.requests.remove}
        </Button>
        <Button tone="danger" disabled={none} onClick={() => setAsking('block')}>
          {words.requests.block}
        </Button>
        <Button tone="danger" disabled={none} onClick={() => setAsking('report')}>
          {words.requests.report}
        </Button>
      </div>
      {asking === 'report' && (
        <ReportSheet
          conversation={chosen.map(idOf)}
          about={words.requests.people(peopleOf(chosen))}
          onClose={() => setAsking(null)}
          onDone={onDone}
        />
      )}
      {asking && asking !== 'report' && (
        <Confirm
          title={
            asking === 'block'
              ? words.requests.blockAskMany(peopleOf(chosen))
              : words.requests.removeAskMany(chosen.length)
          }
          text={asking === 'block' ? words.requests.blockText : words.requests.removeText}
          action={asking === 'block' ? words.requests.block : words.requests.remove}
          explain={wordsFor}
          onConfirm={() => decide(asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
