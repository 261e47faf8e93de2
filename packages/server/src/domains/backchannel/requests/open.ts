import type { Conversation, Profile } from '@sotto/protocol';
import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import { getConversation, type InboxDeps } from '../inbox.ts';
import { pairOf } from '../policy.ts';
import { findDirect, insertDirect } from '../store/conversations.ts';
import { stillWaits } from './policy.ts';
import { lockMember, openAgain, readMember, readWriting } from './store.ts';
import { tellWaiting } from './tell.ts';

/** The one conversation of two people, made if there is none (BC-1). The other sees nothing of it until the first entry. */
export async function openDirect(
  platform: Platform,
  deps: InboxDeps,
  account: string,
  other: string,
): Promise<Conversation> {
  if (account === other) throw refuse('not_yourself');
  const { low, high } = pairOf(account, other);
  const known = await findDirect(platform.db, low, high);
  const member = known === undefined ? undefined : await readMember(platform.db, known, account);
  // Whoever waits for an answer finds their own request, whatever the other has done since (BC-11).
  const isWaiting = member?.state === 'active' && member.otherState !== 'active';
  if (!isWaiting) await deps.relations.visiblePerson(account, other);
  const id = known ?? (await doMake(platform, low, high));
  if (member !== undefined && isOutOfSight(member.state)) await doOpenAgain(platform, id, account);
  return getConversation(deps, account, id);
}

async function doMake(platform: Platform, low: string, high: string): Promise<string> {
  await platform.transact(work => insertDirect(work.tx, low, high));
  const id = await findDirect(platform.db, low, high);
  if (id === undefined) throw refuse('not_found');
  return id;
}

/** Who looks for somebody finds what they have sent, also where it was held back; what was deleted stays so. */
const doOpenAgain = (platform: Platform, id: string, account: string): Promise<void> =>
  platform.transact(async work => {
    const member = await lockMember(work.tx, id, account);
    if (!member || !isOutOfSight(member.state)) return;
    await openAgain(work.tx, id, account, member.state === 'deleted' ? 'new' : 'request');
    await tellWaiting(work, account);
  });

const isOutOfSight = (state: string): boolean => ['held', 'queued', 'deleted'].includes(state);

/** Whether the viewer may write to the account (BC-15), for the airplane on a profile. */
export async function writingTo(
  { db, now }: Pick<InboxDeps, 'db' | 'now'>,
  viewer: string,
  account: string,
): Promise<Profile['writing']> {
  if (viewer === account) return 'closed';
  const { blocked, followed, accepts, mine, theirs, askedAt } = await readWriting(db, viewer, account);
  if (blocked) return 'closed';
  if (theirs === 'active' || followed) return 'open';
  if (mine === 'active' && stillWaits(askedAt, now())) return 'waiting';
  return accepts === 'everyone' ? 'request' : 'closed';
}
