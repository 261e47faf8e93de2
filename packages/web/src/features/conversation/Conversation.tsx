import type { Conversation as Place } from '@sotto/protocol';
import { useMemo, useRef } from 'react';
import { Link, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { conversationTitle } from '../../state/conversation.ts';
import { paths } from '../../state/route.ts';
import { conversations } from '../../state/sotto.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Conversation.module.css';
import { ConversationFace } from './ConversationFace.tsx';
import { ConversationMenu } from './ConversationMenu.tsx';
import { ConversationPanel } from './ConversationPanel.tsx';
import { StartRoomButton } from './StartRoomButton.tsx';

/** Kept with the address where a search led here: not in it, for what one looks for is nobody else’s business. */
export interface OpenedFor {
  /** What was searched for. */
  find: string;
}

/** One conversation as a screen of its own. `?at=` in the address opens it at a message. */
export function Conversation({ id }: { id: string }) {
  const store = useMemo(() => conversations().get(id), [id]);
  const { conversation } = useReadable(store);
  const at = Number(new URLSearchParams(useSearch()).get('at')) || undefined;
  const find = useHistoryState<Partial<OpenedFor> | null>()?.find;
  const goTo = useRef<(seq: number) => void>(undefined);
  return (
    <Page
      title={conversation ? conversationTitle(conversation) : words.inbox.title}
      back={paths.inbox}
      fixed
      className={styles.page}
      head={conversation && <Who conversation={conversation} />}
      actions={
        conversation && (
          <>
            {conversation.canWrite && <StartRoomButton conversation={conversation} />}
            <ConversationMenu conversation={conversation} onGo={seq => goTo.current?.(seq)} />
          </>
        )
      }
    >
      <ConversationPanel
        conversationId={id}
        at={at}
        find={find}
        onReady={go => {
          goTo.current = go;
        }}
      />
    </Page>
  );
}

/** Whom one writes with; a tap says more about them. */
function Who({ conversation }: { conversation: Place }) {
  // Which of a room's talks it is stands below.
  const title = (conversation.kind === 'stage' && conversation.room.title) || conversationTitle(conversation);
  const inside = (
    <>
      <ConversationFace conversation={conversation} size={40} />
      <span>
        <b dir="auto">{title}</b>
        <small dir={conversation.kind === 'direct' ? 'ltr' : 'auto'}>{aboutOf(conversation)}</small>
      </span>
    </>
  );
  const href = aboutPath(conversation);
  if (!href) return <div className={styles.who}>{inside}</div>;
  const label =
    conversation.kind === 'direct' ? words.profile.invisible(title) : words.conversation.info(title);
  return (
    <Link href={href} className={styles.who} title={label}>
      {inside}
    </Link>
  );
}

function aboutOf(conversation: Place): string {
  switch (conversation.kind) {
    case 'direct':
      return `@${conversation.with.handle}`;
    case 'group':
      return words.conversation.people(conversation.count);
    case 'room':
      return words.conversation.everyone;
    case 'stage':
      return words.conversation.stage;
  }
}

function aboutPath(conversation: Place): string | null {
  switch (conversation.kind) {
    case 'direct':
      return paths.profile(conversation.with.handle);
    case 'group':
      return conversation.state === 'active' ? paths.group(conversation.id) : null;
    default:
      return paths.room(conversation.room.id);
  }
}
