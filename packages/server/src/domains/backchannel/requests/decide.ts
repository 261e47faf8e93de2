import type { Conversation } from '@sotto/protocol';
import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import type { Work } from '../../../platform/work.ts';
import { tellMembers } from '../fanout.ts';
import { getConversation, type InboxDeps } from '../inbox.ts';
import { pairOf } from '../policy.ts';
import { findDirect } from '../store/conversations.ts';
import { touchMembers } from '../store/memberships.ts';
import { requestCounter } from './counter.ts';
import type { GroupInvitations } from './invitations.ts';
import { agree, decideNewest, invitationsBy, lockMember, putAway, readMember } from './store.ts';
import { tellGone, tellWaiting } from './tell.ts';

/** What deciding on requests needs. */
export interface DecideDeps {
  platform: Platform;
  deps: InboxDeps;
  groups: GroupInvitations;
}

/** Into the inbox with it (BC-13). Accepted already: no error. */
export async function acceptRequest(
  context: DecideDeps,
  account: string,
  conversation: string,
): Promise<Conversation> {
  await context.platform.transact(work => doAccept(context, work, account, conversation));
  return getConversation(context.deps, account, conversation);
}

async function doAccept(
  { platform, deps, groups }: DecideDeps,
  work: Work,
  account: string,
  conversation: string,
): Promise<void> {
  const member = await lockMember(work.tx, conversation, account);
  if (member?.state === 'active') return;
  const at = platform.now();
  if (isInvitation(member)) {
    await groups.join(work, account, conversation);
    await decideNewest(work.tx, conversation, account, 'accepted', at);
  } else if (isAsking(member)) {
    await agree(work.tx, conversation, [account, member.other], at);
    await decideNewest(work.tx, conversation, account, 'accepted', at);
    await tellMembers(work, deps, conversation, [account, member.other]);
  } else throw refuse('not_found');
  await tellWaiting(work, account);
  count(platform, work, 'accepted');
}

/** Away with it; who sent it learns nothing (BC-13). */
export const deleteRequest = (context: DecideDeps, account: string, conversation: string): Promise<void> =>
  context.platform.transact(async work => {
    if (!(await doDelete(context, work, account, conversation, 'deleted'))) throw refuse('not_found');
    await tellWaiting(work, account);
    count(context.platform, work, 'deleted');
  });

/** @returns false where there is none */
export async function doDelete(
  { platform, groups }: DecideDeps,
  work: Work,
  account: string,
  conversation: string,
  outcome: 'deleted' | 'blocked',
): Promise<boolean> {
  const member = await lockMember(work.tx, conversation, account);
  const at = platform.now();
  if (isInvitation(member)) await groups.decline(work, account, conversation);
  else if (member?.kind === 'group' && member.state === 'queued' && outcome === 'blocked')
    await groups.withhold(work, account, conversation);
  else if (isAsking(member)) {
    await putAway(work.tx, conversation, account, at);
    tellGone(work, account, conversation);
  } else return false;
  await decideNewest(work.tx, conversation, account, outcome, at);
  return true;
}

/** The same for many (BC-13), each on its own: what is none is passed over. */
export async function decideMany(
  context: DecideDeps,
  account: string,
  conversations: readonly string[],
  action: 'accept' | 'delete' | 'block',
): Promise<string[]> {
  const done: string[] = [];
  for (const conversation of new Set(conversations)) {
    const member = await readMember(context.deps.db, conversation, account);
    const from = isInvitation(member) ? (member?.invitedBy ?? null) : isAsking(member) ? member.other : null;
    // One of the same person may have gone with the one before.
    if (from === null) {
      if (action === 'block' && done.length > 0 && member?.state === 'deleted') done.push(conversation);
      continue;
    }
    try {
      if (action === 'accept') await acceptRequest(context, account, conversation);
      else if (action === 'delete') await deleteRequest(context, account, conversation);
      else await context.deps.relations.block(account, from);
      done.push(conversation);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return done;
}

/**
 * Part of a block's transaction (BC-13, PE-5): whatever waits between the two goes, either way round, and who has talked
 * sees that they cannot write. A sender whose request waits at the one who blocks is not told, and nothing of theirs changes.
 */
export async function onBlock(
  context: DecideDeps,
  work: Work,
  blocker: string,
  blocked: string,
): Promise<void> {
  for (const [account, by] of [
    [blocker, blocked],
    [blocked, blocker],
  ] as const) {
    const invitations = await invitationsBy(work.tx, account, by);
    for (const { group } of invitations) await doDelete(context, work, account, group, 'blocked');
    if (invitations.some(({ state }) => state !== 'queued')) await tellWaiting(work, account);
  }
  await betweenTwo(context, work, blocker, blocked, async conversation => {
    for (const account of [blocker, blocked]) {
      const member = await readMember(work.tx, conversation, account);
      if (!isAsking(member) && !(member?.state === 'new' && member.otherState === 'active')) continue;
      await putAway(work.tx, conversation, account, context.platform.now());
      await decideNewest(work.tx, conversation, account, 'blocked', context.platform.now());
      tellGone(work, account, conversation);
      await tellWaiting(work, account);
    }
  });
}

/** Part of the transaction that ends a block. */
export const onUnblock = (context: DecideDeps, work: Work, blocker: string, blocked: string): Promise<void> =>
  betweenTwo(context, work, blocker, blocked, async () => undefined);

/** Changes what is between two under its lock, then tells those whose screens it concerns. */
async function betweenTwo(
  { deps }: DecideDeps,
  work: Work,
  actor: string,
  other: string,
  change: (conversation: string) => Promise<void>,
): Promise<void> {
  const { low, high } = pairOf(actor, other);
  const conversation = await findDirect(work.tx, low, high);
  if (conversation === undefined) return;
  await lockMember(work.tx, conversation, actor);
  await change(conversation);
  for (const account of [actor, other]) {
    const member = await readMember(work.tx, conversation, account);
    if (member?.state !== 'active') continue;
    // Their request is with the other: they are not to learn of a block or its end.
    if (member.otherState !== 'active' && account !== actor) continue;
    await touchMembers(work.tx, conversation, [account]);
    await tellMembers(work, deps, conversation, [account]);
  }
}

/** Part of the transaction that begins or ends a follow: following who asks is a yes (BC-10). */
export async function onFollow(
  { platform, deps }: DecideDeps,
  work: Work,
  follower: string,
  followee: string,
): Promise<void> {
  const { low, high } = pairOf(follower, followee);
  const conversation = await findDirect(work.tx, low, high);
  if (conversation === undefined) return;
  const member = await lockMember(work.tx, conversation, follower);
  if (member?.otherState !== 'active' || member.state === 'active') return;
  const follows = (await deps.relations.follows(follower, [followee], work.tx)).size > 0;
  if (follows && isAsking(member)) {
    const at = platform.now();
    await agree(work.tx, conversation, [follower, followee], at);
    await decideNewest(work.tx, conversation, follower, 'accepted', at);
    await tellMembers(work, deps, conversation, [follower]);
    await tellWaiting(work, follower);
    count(platform, work, 'accepted');
  } else await touchMembers(work.tx, conversation, [followee]);
  await tellMembers(work, deps, conversation, [followee]);
}

type Member = Awaited<ReturnType<typeof readMember>>;

/** It waits for a yes: in sight, held back or queued. */
export const isAsking = (member: Member): member is NonNullable<Member> & { other: string } =>
  member !== undefined &&
  member.other !== null &&
  ['request', 'held', 'queued'].includes(member.state) &&
  member.otherState === 'active';

/** A group waits for their yes: in sight or held back. */
export const isInvitation = (member: Member): boolean =>
  member?.kind === 'group' && ['invited', 'held'].includes(member.state);

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'not_found';

const count = (platform: Platform, work: Work, event: 'accepted' | 'deleted'): void =>
  work.afterCommit(() => requestCounter(platform.metrics).inc({ event }));
