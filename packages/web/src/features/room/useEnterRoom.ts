import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { rooms, unlockSound } from '../../state/sotto.ts';
import { note } from '../../ui/notes.ts';

/** Walks into a room: the tap itself is what lets the browser play sound. */
export function useEnterRoom() {
  const [, navigate] = useLocation();
  return useCallback(
    (id: string, key?: string) => {
      const now = rooms.room.getSnapshot();
      navigate(paths.room(id));
      if (now.state === 'in' && now.room === id) return;
      unlockSound();
      rooms.enter(id, key).catch(error => {
        note(wordsFor(error), { tone: 'danger' });
      });
    },
    [navigate],
  );
}
