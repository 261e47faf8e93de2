import type { ConversationStore } from '@sotto/sdk';
import { useCallback, useMemo, useState } from 'react';
import { cutOf } from '../../state/long.ts';
import type { Opened } from './thread-context.ts';

/**
 * The long messages of a thread that are open.
 * @param stay called before one grows under the reader's hand
 * @returns `unfold`: opens the message at a place, before one is led there
 */
export function useOpened(
  store: ConversationStore,
  stay: () => void,
): { long: Opened; unfold: (seq: number) => void } {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const add = useCallback(
    (key: string) => setOpened(now => (now.has(key) ? now : new Set(now).add(key))),
    [],
  );
  const long = useMemo(
    () => ({
      opened,
      open(key: string) {
        stay();
        add(key);
      },
    }),
    [opened, add, stay],
  );
  const unfold = useCallback(
    (seq: number) => {
      const entry = store.getSnapshot().entries.find(each => each.seq === seq);
      if (entry?.kind === 'message' && cutOf(entry.message.text) !== null) add(entry.message.clientId);
    },
    [store, add],
  );
  return { long, unfold };
}
