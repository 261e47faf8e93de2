import ChevronLeft from 'lucide-react/icons/chevron-left';
import Send from 'lucide-react/icons/send';
import { useMemo } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { previewOf } from '../../state/inbox.ts';
import { conversations, inbox } from '../../state/sotto.ts';
import { Row } from '../../ui/Row.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { shortAgo } from '../../words/time.ts';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import { ConversationPanel } from '../conversation/ConversationPanel.tsx';
import { useMe } from '../shell/me.ts';
import { showConversation } from './opened.ts';
import styles from './TalkPanel.module.css';

/** One's own conversations inside a room, one of them open: writing to someone does not lead out of it (BC-4). */
export function OwnConversations({ conversation }: { conversation: string | null }) {
  return conversation ? <One id={conversation} /> : <All />;
}

function All() {
  const me = useMe();
  const { conversations: all, state } = useReadable(inbox);
  const own = all.filter(({ kind }) => kind === 'direct' || kind === 'group');
  if (own.length === 0)
    return state === 'loading' ? (
      <div className={styles.loading}>
        <Skeleton kind="row" rows={5} />
      </div>
    ) : (
      <State icon={<Send />} title={words.talk.yoursTitle} text={words.talk.yoursEmpty} />
    );
  return (
    <ul className={styles.list} aria-label={words.talk.yoursTitle}>
      {own.map(each => (
        <li key={each.id}>
          <Row
            onPress={() => showConversation(each.id)}
            strong={each.unread > 0}
            lead={<ConversationFace conversation={each} size={44} />}
            title={conversationTitle(each)}
            text={previewOf(each, me.id)}
            aside={
              <>
                {each.at && <time dateTime={each.at}>{shortAgo(each.at)}</time>}
                {each.unread > 0 && (
                  <span className={styles.count}>
                    <span aria-hidden="true">{each.unread > 99 ? '99+' : each.unread}</span>
                    <span className="visually-hidden">{words.talk.unread(each.unread)}</span>
                  </span>
                )}
              </>
            }
          />
        </li>
      ))}
    </ul>
  );
}

function One({ id }: { id: string }) {
  const store = useMemo(() => conversations().get(id), [id]);
  const { conversation } = useReadable(store);
  return (
    <>
      <div className={styles.one}>
        <button type="button" onClick={() => showConversation(null)}>
          <ChevronLeft aria-hidden="true" />
          <span className="visually-hidden">{words.talk.back}</span>
          {conversation && <ConversationFace conversation={conversation} size={32} />}
          <b dir="auto">{conversation ? conversationTitle(conversation) : words.talk.yoursTitle}</b>
        </button>
      </div>
      <ConversationPanel conversationId={id} compact />
    </>
  );
}
