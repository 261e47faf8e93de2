import type { Conversation } from '@sotto/protocol';
import Archive from 'lucide-react/icons/archive';
import ArchiveRestore from 'lucide-react/icons/archive-restore';
import Mail from 'lucide-react/icons/mail';
import MailOpen from 'lucide-react/icons/mail-open';
import Pin from 'lucide-react/icons/pin';
import PinOff from 'lucide-react/icons/pin-off';
import { type ReactNode, useRef } from 'react';
import { useMedia } from '../../ui/useMedia.ts';
import { words } from '../../words/index.ts';
import { isUnread, toggleArchive, togglePin, toggleRead } from './PlaceMenu.tsx';
import styles from './SwipeRow.module.css';

const TOUCH = '(hover: none)';

/**
 * A row that is drawn aside by touch, towards the end of the line, to what is behind it. The platform scrolls and snaps it; drawn the
 * other way, the panes go on. For keyboards and screen readers the row's menu has the same.
 */
export function SwipeRow({ conversation, children }: { conversation: Conversation; children: ReactNode }) {
  const byTouch = useMedia(TOUCH);
  if (!byTouch) return children;
  return <Swiped conversation={conversation}>{children}</Swiped>;
}

function Swiped({ conversation, children }: { conversation: Conversation; children: ReactNode }) {
  const track = useRef<HTMLDivElement>(null);
  const actions = [
    {
      label: conversation.pinned ? words.place.unpin : words.place.pin,
      icon: conversation.pinned ? <PinOff /> : <Pin />,
      run: togglePin,
    },
    {
      label: isUnread(conversation) ? words.place.markRead : words.place.markUnread,
      icon: isUnread(conversation) ? <MailOpen /> : <Mail />,
      run: toggleRead,
    },
    {
      label: conversation.archived ? words.place.unarchive : words.place.archive,
      icon: conversation.archived ? <ArchiveRestore /> : <Archive />,
      run: toggleArchive,
    },
  ];
  return (
    <div ref={track} className={styles.track}>
      <div className={styles.content}>{children}</div>
      <div className={styles.actions} aria-hidden="true">
        {actions.map(({ label, icon, run }) => (
          <button
            key={label}
            type="button"
            tabIndex={-1}
            onClick={() => {
              track.current?.scrollTo({ left: 0, behavior: 'smooth' });
              run(conversation);
            }}
          >
            {icon}
            <span>{label}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
