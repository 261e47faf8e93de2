import type { AccountId, ConversationId } from '@sotto/protocol';
import { Refusal } from '../../platform/refusal.ts';
import { readEntries } from './actions.ts';
import type { InboxDeps } from './inbox.ts';

/** Whether this account sees this message now, with what came with it: as a member, from where its history begins. */
export async function maySee(
  deps: InboxDeps,
  account: AccountId,
  conversation: ConversationId,
  seq: number,
): Promise<boolean> {
  try {
    const { entries } = await readEntries(deps, account, conversation, { after: seq - 1, limit: 1 });
    const [entry] = entries;
    return entry?.seq === seq && entry.kind === 'message' && !entry.message.hidden;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return false;
    throw error;
  }
}
