import type { AccountId, ConversationId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import { type MembershipRow, readMembership } from './store/memberships.ts';

/**
 * The only way from a conversation's id to the conversation: as one of its members. Absent and somebody else's are
 * refused alike, with `not_found`.
 */
export async function memberOf(
  executor: Executor,
  account: AccountId,
  conversation: ConversationId,
): Promise<MembershipRow> {
  const membership = await readMembership(executor, account, conversation);
  if (!membership) throw refuse('not_found');
  return membership;
}
