import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../state/route.ts';
import { conversations } from '../../state/sotto.ts';

/** Opens the conversation with someone: at once where it is known, else after asking. The room goes on meanwhile. */
export function useWriteTo() {
  const [, navigate] = useLocation();
  return useCallback(
    async (person: string) => {
      const known = conversations().findDirect(person) ?? (await conversations().openDirect(person));
      navigate(paths.conversation(known.id));
    },
    [navigate],
  );
}
