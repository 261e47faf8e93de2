import type { AccountId, ConversationId } from '@sotto/protocol';
import type { Executor } from '../../../platform/db/index.ts';
import { refuse } from '../../../platform/refusal.ts';
import { memberOf } from '../access.ts';
import type { InboxDeps } from '../inbox.ts';
import * as store from './store.ts';

/**
 * Whom a room that starts from a conversation is for (BC-4): the others of a direct or group conversation, without those
 * with whom there is a block. `quiet`: they have muted it, and are let in without being called.
 * @throws Refusal `not_found` where the account is not in it, or nothing is agreed yet
 */
export async function othersIn(
  deps: InboxDeps,
  executor: Executor,
  account: AccountId,
  conversation: ConversationId,
): Promise<{ account: AccountId; quiet: boolean }[]> {
  const { kind, state } = await memberOf(executor, account, conversation);
  if (state !== 'active' || (kind !== 'direct' && kind !== 'group')) throw refuse('not_found');
  const others = await store.othersOf(executor, conversation, account, deps.now());
  const blocked = await deps.relations.blockedWith(account, executor);
  return others.filter(other => !blocked.has(other.account));
}
