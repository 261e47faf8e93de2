import type { AccountId, HandsMode, RoomId } from '@sotto/protocol';
import type { Work } from '../../platform/work.ts';
import { checkMayWrite, takeRoom } from './access.ts';
import { change } from './change.ts';
import type { Context } from './context.ts';
import * as policy from './policy.ts';
import { queueOf, type RoomState, stageIds, withRoom } from './state.ts';
import * as to from './transitions.ts';

/* What people do in a room: hands, invitations, the stage. Each is one transaction that holds the room. */

interface At {
  room: RoomId;
  /** Whom it is about, where that is somebody else. */
  account?: AccountId;
}

const act = (
  context: Context,
  viewer: AccountId,
  at: At,
  action: (state: RoomState, work: Work) => RoomState | Promise<RoomState>,
): Promise<RoomState> =>
  context.platform.transact(async work => {
    const before = await takeRoom(work.tx, at.room, viewer, at.account ? [at.account] : []);
    return change(context, work, before, await action(before, work));
  });

export async function raiseHand(context: Context, viewer: AccountId, at: At, line: string) {
  if (line !== '') await checkMayWrite(context, viewer);
  const after = await act(context, viewer, at, async (state, work) => {
    const followed =
      state.room.hands === 'followed' &&
      (await context.graph.followedByAny([viewer], stageIds(state), work.tx)).has(viewer);
    policy.checkRaiseHand(state, viewer, followed);
    return to.raiseHand(state, viewer, line, context.platform.now());
  });
  return { place: queueOf(after).findIndex(member => member.account_id === viewer) + 1 };
}

export async function lowerHand(context: Context, viewer: AccountId, at: At): Promise<void> {
  await act(context, viewer, at, state => to.lowerHand(state, viewer));
}

export async function acceptInvitation(context: Context, viewer: AccountId, at: At): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkAccept(state, viewer);
    return to.goOnStage(state, viewer, context.platform.now());
  });
}

/** Declines the stage, or the room that is offered. */
export async function declineInvitation(context: Context, viewer: AccountId, at: At): Promise<void> {
  await act(context, viewer, at, state => {
    const me = policy.checkInside(state, viewer);
    if (!me.moderation_offered_at) return me.invited_by === null ? state : to.decline(state, viewer);
    return to.passOn(to.declineModeration(state, viewer), context.platform.now());
  });
}

export async function stepDown(context: Context, viewer: AccountId, at: At): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkOnStage(policy.checkInside(state, viewer));
    return to.moveDown(state, viewer);
  });
}

export async function setMuted(context: Context, viewer: AccountId, at: At, muted: boolean): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkOnStage(policy.checkInside(state, viewer));
    return to.setMuted(state, viewer, muted);
  });
}

export async function acceptModeration(context: Context, viewer: AccountId, at: At): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkOffered(state, viewer);
    return to.makeModerator(state, viewer);
  });
}

type About = Required<At>;

export async function inviteToStage(context: Context, viewer: AccountId, at: About): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkInvite(state, viewer, at.account);
    return to.invite(state, viewer, at.account);
  });
}

export async function lowerHandOf(context: Context, viewer: AccountId, at: About): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkModerator(state, viewer);
    policy.checkTarget(state, at.account);
    return to.lowerHand(state, at.account);
  });
}

export async function mutePerson(context: Context, viewer: AccountId, at: About): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkModerator(state, viewer);
    policy.checkOnStage(policy.checkTarget(state, at.account));
    return to.setMuted(state, at.account, true);
  });
}

export async function moveDown(context: Context, viewer: AccountId, at: About): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkModerator(state, viewer);
    policy.checkOnStage(policy.checkTarget(state, at.account));
    policy.checkOverrule(state, viewer, at.account);
    return to.moveDown(state, at.account);
  });
}

export async function makeModerator(context: Context, viewer: AccountId, at: About): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkModerator(state, viewer);
    policy.checkOnStage(policy.checkTarget(state, at.account));
    return to.makeModerator(state, at.account);
  });
}

export async function changeRoom(
  context: Context,
  viewer: AccountId,
  at: At,
  wish: { title?: string | undefined; hands?: HandsMode | undefined; stageLocked?: boolean | undefined },
): Promise<void> {
  if (wish.title !== undefined) await checkMayWrite(context, viewer);
  await act(context, viewer, at, state => {
    policy.checkModerator(state, viewer);
    const next = withRoom(state, {
      ...(wish.title !== undefined && { title: wish.title }),
      ...(wish.hands !== undefined && { hands: wish.hands }),
    });
    return wish.stageLocked === undefined ? next : to.lockStage(next, wish.stageLocked);
  });
}

export async function endRoom(context: Context, viewer: AccountId, at: At): Promise<void> {
  await act(context, viewer, at, state => {
    policy.checkModerator(state, viewer);
    return to.end(state, 'ended', context.platform.now());
  });
}
