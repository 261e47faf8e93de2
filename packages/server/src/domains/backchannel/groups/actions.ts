import type { Conversation, GroupRole, Person } from '@sotto/protocol';
import type { Tx } from '../../../platform/db/index.ts';
import { refuse } from '../../../platform/refusal.ts';
import type { Work } from '../../../platform/work.ts';
import { memberOf } from '../access.ts';
import { appendEvent, tellMembers } from '../fanout.ts';
import { getConversation } from '../inbox.ts';
import { tellGone, tellWaiting } from '../requests/tell.ts';
import type { Standing } from '../rows.ts';
import { bringIn, type GroupDeps, groupPlace, tellAdded } from './people.ts';
import { cleanTitle, heirOf, isInvited, mayRemove } from './policy.ts';
import { findGroup, type GroupMember, insertGroup, putOut, readGroup, setRole } from './store.ts';

/** A group of which the account is the owner; the same one again for the same `clientId` (BC-2). */
export async function makeGroup(
  context: GroupDeps,
  account: string,
  group: { clientId: string; title: string; people: readonly string[] },
): Promise<Conversation> {
  const { platform, inbox } = context;
  const made = await platform.transact(async work => {
    const conversation = await insertGroup(work.tx, {
      title: cleanTitle(group.title),
      by: account,
      clientId: group.clientId,
      at: inbox.now(),
    });
    if (conversation === undefined) return undefined;
    const people = [...new Set(group.people)].filter(id => id !== account);
    const come = await bringIn(context, work, account, conversation, people);
    await appendEvent(work, inbox, groupPlace(conversation), {
      kind: 'people',
      by: account,
      extra: { change: 'made', accounts: [account, ...come] },
    });
    await tellMembers(work, inbox, conversation, [account, ...come]);
    return conversation;
  });
  const id = made ?? (await findGroup(platform.db, account, group.clientId));
  if (id === undefined) throw refuse('not_found');
  return getConversation(inbox, account, id).catch(error => {
    // It was made, and left since: the same id cannot make another one.
    throw made === undefined ? refuse('client_id_reused') : error;
  });
}

/** How the account stands in a group that it is in. */
export async function inGroup(
  tx: Tx,
  account: string,
  conversation: string,
  options: { lock?: boolean } = { lock: true },
): Promise<Standing> {
  const standing = await memberOf(tx, account, conversation, options);
  if (standing.kind !== 'group' || standing.state !== 'active') throw refuse('not_found');
  return standing;
}

/** As someone who runs it. @throws Refusal `not_found`, `group_admins_only` */
export async function runningGroup(tx: Tx, account: string, conversation: string): Promise<Standing> {
  const standing = await inGroup(tx, account, conversation);
  if (standing.role === 'member') throw refuse('group_admins_only');
  return standing;
}

export const addToGroup = (
  context: GroupDeps,
  account: string,
  { conversation, account: other }: { conversation: string; account: string },
): Promise<void> =>
  context.platform.transact(async work => {
    await runningGroup(work.tx, account, conversation);
    const come = await bringIn(context, work, account, conversation, [other]);
    await tellAdded(context, work, account, conversation, come);
  });

/** Someone of the group, or invited into it. */
async function someoneOf(tx: Tx, conversation: string, account: string): Promise<GroupMember> {
  const member = (await readGroup(tx, conversation)).find(each => each.account === account);
  if (!member) throw refuse('not_found');
  return member;
}

/** Out of the group at once, in reads and on sockets of all nodes (RT-9); an invitation is taken back. */
export const removeFromGroup = (
  { platform, inbox }: GroupDeps,
  account: string,
  { conversation, account: other }: { conversation: string; account: string },
): Promise<void> =>
  platform.transact(async work => {
    const { role } = await runningGroup(work.tx, account, conversation);
    if (other === account) throw refuse('not_yourself');
    const target = await someoneOf(work.tx, conversation, other);
    if (isInvited(target.state)) return takeBack(work, conversation, target, inbox.now());
    if (!mayRemove(role, target.role)) throw refuse('group_admins_only');
    await putOut(work.tx, conversation, other, 'removed', inbox.now());
    tellGone(work, other, conversation);
    await appendEvent(work, inbox, groupPlace(conversation), {
      kind: 'people',
      by: account,
      extra: { change: 'removed', accounts: [other] },
    });
  });

async function takeBack(
  work: Work,
  conversation: string,
  { account, state }: GroupMember,
  at: Date,
): Promise<void> {
  await putOut(work.tx, conversation, account, 'removed', at);
  if (state !== 'invited' && state !== 'held') return;
  tellGone(work, account, conversation);
  await tellWaiting(work, account);
}

/** @throws Refusal `not_found`, `group_admins_only` for who is not the owner, `not_yourself` */
export const setGroupRole = (
  { platform, inbox }: GroupDeps,
  account: string,
  { conversation, account: other }: { conversation: string; account: string },
  role: GroupRole,
): Promise<void> =>
  platform.transact(async work => {
    const standing = await inGroup(work.tx, account, conversation);
    if (standing.role !== 'owner') throw refuse('group_admins_only');
    if (other === account) throw refuse('not_yourself');
    const target = await someoneOf(work.tx, conversation, other);
    if (target.state !== 'active') throw refuse('not_found');
    if (target.role === role) return;
    await setRole(work.tx, conversation, other, role);
    if (role === 'owner') await setRole(work.tx, conversation, account, 'admin');
    await appendEvent(work, inbox, groupPlace(conversation), {
      kind: 'people',
      by: account,
      extra: { change: role, accounts: [other] },
    });
  });

/** The owner's place passes on; a group that nobody is in any more is nobody's (BC-2). */
export const leaveGroup = (
  { platform, inbox }: GroupDeps,
  account: string,
  conversation: string,
): Promise<void> =>
  platform.transact(async work => {
    const { role } = await inGroup(work.tx, account, conversation);
    const at = inbox.now();
    await putOut(work.tx, conversation, account, 'left', at);
    tellGone(work, account, conversation);
    const place = groupPlace(conversation);
    await appendEvent(work, inbox, place, {
      kind: 'people',
      by: account,
      extra: { change: 'left', accounts: [account] },
    });
    const group = await readGroup(work.tx, conversation);
    const heir = heirOf(group.filter(each => each.state === 'active'));
    if (heir === null) for (const each of group) await takeBack(work, conversation, each, at);
    if (heir === null || role !== 'owner') return;
    await setRole(work.tx, conversation, heir, 'owner');
    await appendEvent(work, inbox, place, {
      kind: 'people',
      by: account,
      extra: { change: 'owner', accounts: [heir] },
    });
  });

/** The same list for all who are in it: leaving somebody out would tell of a block (PE-5). */
export async function listGroup(
  { platform, inbox, peopleMax }: GroupDeps,
  account: string,
  conversation: string,
): Promise<{ people: { person: Person; role: GroupRole; since: string; invited: boolean }[]; max: number }> {
  const { kind, state } = await memberOf(platform.db, account, conversation);
  if (kind !== 'group' || state !== 'active') throw refuse('not_found');
  const group = await readGroup(platform.db, conversation);
  const known = await inbox.people.people(
    group.map(each => each.account),
    platform.db,
  );
  return {
    people: group.flatMap(({ account: id, role, since, state: theirs }) => {
      const person = known.get(id);
      return person ? [{ person, role, since: since.toISOString(), invited: theirs !== 'active' }] : [];
    }),
    max: peopleMax,
  };
}
