import type { Conversation } from '@sotto/protocol';
import { useCallback } from 'react';
import { talkOf } from '../../state/conversation.ts';
import { wordsFor } from '../../state/errors.ts';
import { sotto } from '../../state/sotto.ts';
import { note } from '../../ui/notes.ts';

/** What is pinned on top of a talk, and the way to change it (BC-3). */
export function usePin(conversation: Conversation | null): {
  pinned: number | null;
  pin: (seq: number | null) => void;
} {
  const talk = talkOf(conversation);
  const id = talk?.id;
  const room = talk?.room.id;
  const pin = useCallback(
    (seq: number | null) => {
      if (!id || !room) return;
      sotto
        .talk(room)
        .pin(id, seq)
        .catch(error => note(wordsFor(error), { tone: 'danger' }));
    },
    [id, room],
  );
  return { pinned: talk?.pin?.seq ?? null, pin };
}
