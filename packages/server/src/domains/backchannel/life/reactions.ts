import { REACTIONS_MAX } from '@sotto/protocol';
import type { Tx } from '../../../platform/db/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import { checkMayWrite, memberOf } from '../access.ts';
import { appendEvent } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';
import type { Standing } from '../rows.ts';
import { readEntries } from '../store/log.ts';
import { deleteReaction, emojiUnder, insertReaction } from './store.ts';

/**
 * Puts a reaction under a message, or takes it back: its row and its entry in one transaction (RT-3), and only where that
 * changes something.
 * @throws Refusal as the contract's `react` and `unreact` name them
 */
export async function setReaction(
  platform: Platform,
  deps: InboxDeps,
  account: string,
  reaction: { conversation: string; seq: number; emoji: string },
  on: boolean,
): Promise<void> {
  const { conversation, seq, emoji } = reaction;
  await platform.transact(async work => {
    const standing = await memberOf(work.tx, account, conversation, { lock: true });
    await mustBeSeen(work.tx, deps, account, standing, seq);
    await mustBeFree(work.tx, deps, account, standing, on);
    const changed = on
      ? await insertReaction(work.tx, { ...reaction, account })
      : await deleteReaction(work.tx, { ...reaction, account });
    if (!changed) return;
    if (on && (await emojiUnder(work.tx, conversation, seq)) > REACTIONS_MAX)
      throw refuse('too_many_reactions', { max: REACTIONS_MAX });
    await appendEvent(work, deps, standing, {
      kind: 'reaction',
      by: account,
      of: seq,
      extra: { emoji, on },
    });
  });
}

/** A message that the account can see as it is: neither before its time, nor taken out of view, nor withheld. */
async function mustBeSeen(
  tx: Tx,
  { relations }: InboxDeps,
  account: string,
  standing: Standing,
  seq: number,
): Promise<void> {
  const [message] =
    seq < standing.firstSeq ? [] : await readEntries(tx, [{ conversation: standing.id, seq }]);
  const { kind, hidden_at, sender_id } = message ?? {};
  if (kind !== 'message' || hidden_at !== null) throw refuse('not_found');
  if (standing.kind === 'direct' || !sender_id) return;
  if (await relations.blockedEitherWay(account, sender_id, tx)) throw refuse('not_found');
}

/** The rules of writing hold for a reaction too; taking one back is always possible where one may be. */
async function mustBeFree(
  tx: Tx,
  { relations, now }: InboxDeps,
  account: string,
  { kind, state, other, otherState, frozenAt, talkOn, role }: Standing,
  on: boolean,
): Promise<void> {
  // Before anything that depends on the other: who asks learns nothing of what became of it (BC-11).
  if (state !== 'active' || (kind === 'direct' && otherState !== 'active')) throw refuse('cannot_message');
  if (other !== null && (await relations.blockedEitherWay(account, other, tx)))
    throw refuse('cannot_message');
  if (frozenAt) throw refuse('frozen');
  if (!on) return;
  if (!talkOn && role === 'member' && (kind === 'room' || kind === 'stage')) throw refuse('talk_off');
  await checkMayWrite(tx, account, now());
}
