import type { ConversationStore, ConversationView } from '@sotto/sdk';
import { useCallback, useEffect, useRef } from 'react';
import { cutOf } from '../../state/long.ts';
import { announce } from '../../ui/announce.ts';
import { words } from '../../words/index.ts';

/** What is on screen while the page is looked at has been read. Returns what to tell the lowest message in view. */
export function useReading(store: ConversationStore): (seq: number) => void {
  const seen = useRef(0);
  const read = useCallback(() => {
    if (seen.current === 0 || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const { entries, hasNewer, lastSeq } = store.getSnapshot();
    const shown = entries.at(-1)?.seq ?? 0;
    // At the end, what is not shown is read with the rest.
    store.markRead(!hasNewer && seen.current >= shown ? lastSeq : seen.current);
  }, [store]);
  useEffect(() => {
    document.addEventListener('visibilitychange', read);
    window.addEventListener('focus', read);
    return () => {
      document.removeEventListener('visibilitychange', read);
      window.removeEventListener('focus', read);
    };
  }, [read]);
  return useCallback(
    seq => {
      if (seq > seen.current) seen.current = seq;
      read();
    },
    [read],
  );
}

/** New messages of others are read out, once each. */
export function useSpoken(view: ConversationView, me: string, nameOf: (account: string) => string): void {
  const spoken = useRef<number>(undefined);
  useEffect(() => {
    const from = spoken.current;
    if (view.state !== 'ready' || view.hasNewer) return;
    spoken.current = Math.max(from ?? 0, view.lastSeq);
    if (from === undefined) return;
    for (const entry of view.entries.slice(-5)) {
      if (entry.kind !== 'message' || entry.seq <= from || entry.message.sender === me) continue;
      const { text, attachments, card, sender } = entry.message;
      const [first] = attachments;
      const said = text || (first ? words.conversation[first.kind] : card ? words.conversation.card : '');
      const cut = cutOf(said);
      announce(words.conversation.from(nameOf(sender), cut === null ? said : `${said.slice(0, cut)}…`));
    }
  }, [view, me, nameOf]);
}
