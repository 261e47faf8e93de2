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
      const plain = paths.room(id);
      const isHere = () => location.pathname === plain;
      if (now.state === 'in' && now.room === id) return navigate(plain, { replace: isHere() });
      // Until one is inside, the address keeps the key: a reload, or another try, needs it again.
      navigate(key ? `${plain}?${new URLSearchParams({ key })}` : plain, { replace: isHere() });
      unlockSound();
      rooms.enter(id, key).then(
        () => {
          if (key && isHere()) navigate(plain, { replace: true });
        },
        error => {
          note(wordsFor(error), { tone: 'danger' });
        },
      );
    },
    [navigate],
  );
}
