import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import type { Conversation } from '@sotto/protocol';
import type { ConversationStore } from '@sotto/sdk';
import { Composer } from '../features/conversation/Composer.tsx';
import { DropTarget } from '../features/conversation/DropTarget.tsx';
import { Thread } from '../features/conversation/Thread.tsx';
import { useDraft } from '../features/conversation/useDraft.ts';
import { useFiles } from '../features/conversation/useFiles.ts';
import { conversationTitle } from '../state/conversation.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { Notes } from '../ui/Notes.tsx';
import { useReadable } from '../ui/useReadable.ts';
import { direct, everything, group, longLog, me, names, talk, waiting } from './messages.ts';
import { fixedStore } from './store.ts';

/* Conversations for the eye, by the hash: #group #direct #talk #long #short #all. Served in development only. */

const nameOf = (account: string): string => names.get(account)?.name ?? 'Someone';

function storeOf(which: string): ConversationStore {
  switch (which) {
    case '#long':
      return fixedStore({ conversation: direct, entries: longLog(10_000), page: 50 });
    case '#all':
      return fixedStore({ conversation: direct, entries: longLog(10_000) });
    case '#short':
      return fixedStore({ conversation: direct, entries: everything.slice(2, 5) });
    case '#talk':
      return fixedStore({ conversation: talk, entries: everything, typing: [...names.keys()].slice(0, 3) });
    case '#direct':
      return fixedStore({ conversation: direct, entries: everything, pending: waiting, typing: ['x'] });
    default:
      return fixedStore({
        conversation: group,
        entries: everything,
        typing: [...names.keys()].slice(1, 3),
        firstUnreadSeq: 26,
      });
  }
}

function Gallery() {
  const store = useMemo(() => storeOf(location.hash), []);
  const view = useReadable(store);
  const conversation = view.conversation as Conversation;
  const draft = useDraft('gallery');
  const chosen = useFiles();
  const [goTo, setGoTo] = useState<{ go: (seq: number) => void }>();
  const actions = useMemo(
    () => ({
      reply: draft.setReply
        ? ({ seq, sender, text }: { seq: number | null; sender: string; text: string }) =>
            draft.setReply(seq === null ? null : { seq, sender, text, attachment: null })
        : () => {},
      toggle: ({ seq }: { seq: number | null }, emoji: string) =>
        void (seq !== null && store.react(seq, emoji, true)),
      retry: () => {},
      discard: () => {},
      takeBack: () => {},
    }),
    [store, draft.setReply],
  );
  return (
    <main
      style={{ blockSize: '100dvh', display: 'flex', flexDirection: 'column' }}
      onDoubleClick={() => goTo?.go(5000)}
    >
      <DropTarget onFiles={chosen.add}>
        <Thread
          view={view}
          conversation={conversation}
          store={store}
          me={me}
          nameOf={nameOf}
          actions={actions}
          onReady={useMemo(() => go => setGoTo({ go }), [])}
        />
        <div>
          <Composer
            store={store}
            conversation={conversation}
            title={conversationTitle(conversation)}
            me={me}
            nameOf={nameOf}
            draft={draft}
            chosen={chosen}
            slowUntil={conversation.kind === 'room' ? Date.now() + 12_000 : 0}
            compact={false}
          />
        </div>
      </DropTarget>
      <Notes />
      <Announcer />
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(<Gallery />);
