import type { Work } from '../../../platform/work.ts';
import { countWaiting } from '../store/memberships.ts';

/** How many requests and invitations wait (BC-14); also where the number is the same: the list may not be. */
export async function tellWaiting(work: Work, account: string): Promise<void> {
  const waiting = await countWaiting(work.tx, account);
  work.emit({ kind: 'frame', to: { accounts: [account] }, frame: { type: 'requests', waiting } });
}

export const tellGone = (work: Work, account: string, conversation: string): void =>
  work.emit({
    kind: 'frame',
    to: { accounts: [account] },
    frame: { type: 'conversationGone', conversation },
  });
