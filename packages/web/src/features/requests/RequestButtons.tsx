import type { Request } from '@sotto/protocol';
import Ban from 'lucide-react/icons/ban';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Flag from 'lucide-react/icons/flag';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { isInvitation } from '../../state/requests.ts';
import { Button } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { lateSheet } from '../../ui/late.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { words } from '../../words/index.ts';
import styles from './Requests.module.css';
import { useDecide } from './useDecide.ts';

const ReportSheet = lateSheet(() => import('../reports/ReportSheet.tsx').then(module => module.ReportSheet));

/** Accept, delete, block, report (BC-13). `onGone`: it was not accepted, and is no more. */
export function RequestButtons({ request, onGone }: { request: Request; onGone?: (() => void) | undefined }) {
  const { accept, remove, block } = useDecide(request, onGone);
  const [over, setOver] = useState<'block' | 'report' | null>(null);
  const { name } = request.from;
  const close = () => setOver(null);
  return (
    <div className={styles.buttons}>
      <Button tone="whisper" busy={accept.busy} onClick={accept.start}>
        {isInvitation(request) ? words.requests.join : words.requests.accept}
      </Button>
      <Button busy={remove.busy} onClick={remove.start}>
        {words.requests.remove}
      </Button>
      <Menu
        label={`${words.requests.more}: ${name}`}
        icon={<Ellipsis />}
        items={[
          { label: words.requests.block, icon: <Ban />, danger: true, onSelect: () => setOver('block') },
          { label: words.requests.report, icon: <Flag />, danger: true, onSelect: () => setOver('report') },
        ]}
      />
      {over === 'block' && (
        <Confirm
          title={words.requests.blockAsk(name)}
          text={words.requests.blockText}
          action={words.requests.block}
          explain={wordsFor}
          onConfirm={block}
          onClose={close}
        />
      )}
      {over === 'report' && (
        <ReportSheet
          conversation={request.conversation.id}
          about={name}
          onClose={close}
          onDone={blocked => blocked && onGone?.()}
        />
      )}
    </div>
  );
}
