import type { Request } from '@sotto/protocol';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { groupTitle, isInvitation, requests } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { note } from '../../ui/notes.ts';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';

/** What one does with a request. `done`: it is none any more, and was not accepted. */
export function useDecide(request: Request, done?: () => void) {
  const [, navigate] = useLocation();
  const { id } = request.conversation;
  const say = (error: unknown) => note(wordsFor(error), { tone: 'danger' });
  const accept = useAction(async () => {
    try {
      await requests().accept(id);
    } catch (error) {
      return say(error);
    }
    note(
      isInvitation(request)
        ? words.requests.joined(groupTitle(request))
        : words.requests.accepted(request.from.name),
    );
    navigate(paths.conversation(id));
  });
  const remove = useAction(async () => {
    try {
      await requests().remove(id);
    } catch (error) {
      return say(error);
    }
    note(words.requests.removed);
    done?.();
  });
  /** @throws SottoError */
  const block = async () => {
    await requests().decide([id], 'block');
    note(words.profile.blocked(request.from.name));
    done?.();
  };
  return { accept, remove, block };
}
