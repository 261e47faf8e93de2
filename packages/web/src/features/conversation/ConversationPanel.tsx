import type { Reply } from '@sotto/protocol';
import { quotedText } from '@sotto/protocol/quote';
import type { ConversationView } from '@sotto/sdk';
import MessageCircleOff from 'lucide-react/icons/message-circle-off';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { conversationTitle, talkOf } from '../../state/conversation.ts';
import { wordsFor } from '../../state/errors.ts';
import { takeFiles } from '../../state/given.ts';
import { conversations, outbox } from '../../state/sotto.ts';
import type { Bubble } from '../../state/thread.ts';
import { closedText, slowUntil } from '../../state/writing.ts';
import { Button } from '../../ui/Button.tsx';
import { latePart, lateSheet } from '../../ui/late.tsx';
import { note } from '../../ui/notes.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { Composer } from './Composer.tsx';
import styles from './Conversation.module.css';
import { DropTarget } from './DropTarget.tsx';
import { closeSheet, openedSheet } from './message-sheets.ts';
import { PinnedBar } from './PinnedBar.tsx';
import { Thread } from './Thread.tsx';
import { useDraft } from './useDraft.ts';
import { useFiles } from './useFiles.ts';

const RequestFooter = latePart(() =>
  import('../requests/RequestFooter.tsx').then(module => module.RequestFooter),
);
const HideConfirm = lateSheet(() => import('./HideConfirm.tsx').then(module => module.HideConfirm));

const ReportSheet = lateSheet(() => import('../reports/ReportSheet.tsx').then(module => module.ReportSheet));

export interface ConversationPanelProps {
  conversationId: string;
  /** Inside another screen: without its own frame, and it does not take the focus. */
  compact?: boolean;
  /** The `seq` of a message to open at. */
  at?: number | undefined;
  /** What was searched for, to be shown in that message. */
  find?: string | undefined;
  /** Told how to go to a place in the thread. */
  onReady?: (goTo: (seq: number) => void) => void;
}

/** A conversation without a page around it: its messages, and where one writes. Fills the box it is in. */
export function ConversationPanel(props: ConversationPanelProps) {
  return <Panel key={props.conversationId} {...props} />;
}

function Panel({ conversationId: id, compact = false, at, find, onReady }: ConversationPanelProps) {
  const store = useMemo(() => conversations().get(id), [id]);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn opens it again; before it is painted, so that it begins where reading stood.
  useLayoutEffect(() => store.open(), [store, turn]);
  const view = useReadable(store);
  const me = useMe();
  const { conversation } = view;
  const draft = useDraft(id);
  const chosen = useFiles();
  const { setReply, setText } = draft;
  const { add, restore } = chosen;
  useEffect(() => add(takeFiles(id)), [id, add]);
  const nameOf = useNames(view, me);
  const actions = useMemo(
    () => ({
      reply: (bubble: Bubble) => setReply(replyOf(bubble)),
      toggle: (bubble: Bubble, emoji: string) => {
        if (bubble.seq === null) return;
        const given = bubble.message?.reactions.find(each => each.emoji === emoji)?.accounts.includes(me.id);
        store.react(bubble.seq, emoji, !given).catch(error => note(wordsFor(error), { tone: 'danger' }));
      },
      retry: (bubble: Bubble) => outbox().retry(bubble.key),
      discard: (bubble: Bubble) => void outbox().discard(bubble.key),
      takeBack: async (bubble: Bubble) => {
        const message = await outbox().takeBack(bubble.key);
        if (!message) return;
        setText(message.text ?? '');
        restore(message.files ?? []);
        setReply(bubble.pending?.reply ?? null);
      },
    }),
    [store, me.id, setReply, setText, restore],
  );
  const goTo = useRef<(seq: number) => void>(undefined);
  const tell = useRef(onReady);
  tell.current = onReady;
  const ready = useCallback((go: (seq: number) => void) => {
    goTo.current = go;
    tell.current?.(go);
  }, []);
  const empty = view.entries.length === 0 && view.pending.length === 0;
  const missing = view.error === 'not_found' || view.error === 'invalid_input';
  if (view.state === 'failed' && empty)
    return (
      <div className={styles.center}>
        <State
          alert
          icon={<MessageCircleOff />}
          title={missing ? words.conversation.missingTitle : words.conversation.errorTitle}
          text={missing ? words.conversation.missingText : wordsFor({ code: view.error, details: {} })}
          action={!missing && <Button onClick={() => setTurn(turn + 1)}>{words.retry}</Button>}
        />
      </div>
    );
  const open = conversation?.canWrite ?? false;
  const talk = talkOf(conversation);
  return (
    <DropTarget onFiles={open ? chosen.add : null}>
      {talk?.pin && <PinnedBar conversation={talk} nameOf={nameOf} onGo={seq => goTo.current?.(seq)} />}
      {view.state === 'loading' && empty ? (
        <div className={styles.loading}>
          <Skeleton kind="bubble" rows={6} />
        </div>
      ) : (
        <Thread
          view={view}
          conversation={conversation}
          store={store}
          me={me.id}
          at={at}
          find={find}
          nameOf={nameOf}
          actions={actions}
          onReady={ready}
        />
      )}
      {conversation && conversation.state !== 'active' && <RequestFooter conversation={conversation} />}
      {conversation &&
        (open ? (
          <Composer
            store={store}
            conversation={conversation}
            title={conversationTitle(conversation)}
            me={me.id}
            nameOf={nameOf}
            draft={draft}
            chosen={chosen}
            slowUntil={slowUntil(conversation, view.entries, view.pending, me.id)}
            compact={compact}
          />
        ) : (
          <p className={styles.closed}>{closedText(conversation)}</p>
        ))}
      <MessageSheets conversation={id} nameOf={nameOf} />
    </DropTarget>
  );
}

/** What a bubble becomes when it is answered. */
function replyOf({ seq, sender, message }: Bubble): Reply | null {
  if (seq === null || !message) return null;
  return {
    seq,
    sender,
    text: quotedText(message.text),
    attachment: message.attachments[0]?.kind ?? null,
  };
}

function useNames(view: ConversationView, me: { id: string; name: string }): (account: string) => string {
  const { people, conversation } = view;
  const other = conversation?.kind === 'direct' ? conversation.with : undefined;
  const [otherId, otherName] = [other?.id, other?.name];
  // Not the row itself: all messages are drawn again where this is another, and a row changes with each.
  return useCallback(
    account => {
      if (account === me.id) return me.name;
      const known = people.get(account)?.name ?? (account === otherId ? otherName : undefined);
      return known ?? words.conversation.someone;
    },
    [people, otherId, otherName, me.id, me.name],
  );
}

/** Sheets about one message of this conversation. */
function MessageSheets({
  conversation,
  nameOf,
}: {
  conversation: string;
  nameOf: (account: string) => string;
}) {
  const sheet = useReadable(openedSheet);
  if (sheet?.conversation !== conversation) return null;
  return (
    <>
      {sheet.name === 'report' && (
        <ReportSheet
          conversation={conversation}
          seq={sheet.seq}
          about={nameOf(sheet.sender)}
          onClose={closeSheet}
        />
      )}
      {sheet.name === 'hide' && sheet.room && (
        <HideConfirm conversation={conversation} room={sheet.room} seq={sheet.seq} onClose={closeSheet} />
      )}
    </>
  );
}
