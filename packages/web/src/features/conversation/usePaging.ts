import type { ConversationStore } from '@sotto/sdk';
import { useMemo, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { note } from '../../ui/notes.ts';

/** Fetches pages as they are needed. One that failed is not asked for again by itself: a press does. */
export function usePaging(store: ConversationStore) {
  const [failed, setFailed] = useState<'older' | 'newer' | null>(null);
  const calls = useMemo(() => {
    let stuck: 'older' | 'newer' | null = null;
    const load = async (way: 'older' | 'newer') => {
      const was = store.getSnapshot();
      if (was.loadingOlder || was.loadingNewer) return;
      await (way === 'older' ? store.loadOlder() : store.loadNewer());
      const now = store.getSnapshot();
      const same =
        way === 'older' ? now.entries[0] === was.entries[0] && now.hasOlder : now.lastSeq === was.lastSeq;
      stuck = now.error !== null && same ? way : null;
      setFailed(stuck);
    };
    return {
      auto: (way: 'older' | 'newer') => {
        if (stuck !== way) void load(way);
      },
      press: (way: 'older' | 'newer') => void load(way),
      jump: async (seq: number): Promise<number | null> => {
        try {
          return await store.jumpTo({ seq });
        } catch (error) {
          note(wordsFor(error), { tone: 'danger' });
          return null;
        }
      },
    };
  }, [store]);
  return useMemo(
    () => ({
      failed,
      older: () => (failed === 'older' ? calls.press('older') : calls.auto('older')),
      newer: () => (failed === 'newer' ? calls.press('newer') : calls.auto('newer')),
      jump: calls.jump,
    }),
    [failed, calls],
  );
}
