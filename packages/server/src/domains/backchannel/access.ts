import type { AccountId, ConversationId, ConversationKind, GroupRole } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import { readStanding } from './store/memberships.ts';

/** A conversation, and how the one who asked stands in it. */
export interface Standing {
  id: ConversationId;
  kind: ConversationKind;
  head: number;
  room: string | null;
  frozenAt: Date | null;
  talkOn: boolean;
  peopleCount: number;
  state: 'new' | 'active' | 'request' | 'invited';
  role: GroupRole;
  firstSeq: number;
  readSeq: number;
  /** The other of a direct conversation, and how it stands to them. */
  other: AccountId | null;
  otherState: string | null;
}

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
