import type { TalkView } from '@sotto/sdk';
import { useEffect, useMemo } from 'react';
import { inbox, sotto } from '../../state/sotto.ts';
import { useReadable } from '../../ui/useReadable.ts';

/** The talks of a room, kept fresh while the component is there. */
export function useTalk(room: string): TalkView {
  const talk = useMemo(() => sotto.talk(room), [room]);
  useEffect(() => talk.open(), [talk]);
  return useReadable(talk);
}

/** What waits to be read: in the room as a yes or no, to oneself as a number. */
export function useUnread(talk: TalkView): { room: boolean; direct: number } {
  const { conversations } = useReadable(inbox);
  const direct = conversations
    .filter(({ kind, mutedUntil }) => (kind === 'direct' || kind === 'group') && mutedUntil === null)
    .reduce((sum, { unread }) => sum + unread, 0);
  return { room: (talk.room?.unread ?? 0) + (talk.stage?.unread ?? 0) > 0, direct };
}
