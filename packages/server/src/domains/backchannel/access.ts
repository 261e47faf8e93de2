import type { AccountId, ConversationId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Standing } from './rows.ts';
import { readStanding, silencedUntil } from './store/memberships.ts';

/**
 * The only way from a conversation's id to the conversation: as one of its members. Absent, somebody else's, left and
 * refused ones are refused alike, with `not_found`.
 * @param options.lock takes the lock of the conversation: what is read is true until the transaction ends
 */
export async function memberOf(
  executor: Executor,
  account: AccountId,
  conversation: ConversationId,
  options: { lock?: boolean } = {},
): Promise<Standing> {
  const standing = await readStanding(executor, account, conversation, options.lock ?? false);
  if (!standing) throw refuse('not_found');
  return standing;
}

/** Whatever others would read or see of the account (PE-9). @throws Refusal `silenced` */
export async function checkMayWrite(executor: Executor, account: AccountId, now: Date): Promise<void> {
  const until = await silencedUntil(executor, account, now);
  if (until) throw refuse('silenced', { until: until.toISOString() });
}
