import type { AccountId, ShareCard } from '@sotto/protocol';
import { Refusal } from '../../../platform/refusal.ts';
import type { InboxDeps } from '../inbox.ts';

/** Whether the sender may hand on what the card shows (BC-5). Its live state is asked for where it is looked at. */
export async function mayShare(deps: InboxDeps, sender: AccountId, card: ShareCard): Promise<boolean> {
  if (card.kind === 'room') return deps.rooms.mayShow(sender, card.room, card.key);
  try {
    await deps.relations.visiblePerson(sender, card.account);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return false;
    throw error;
  }
}
