import type { AccountId } from '@sotto/protocol';
import { OFFER_SECONDS, stageFull } from './policy.ts';
import {
  connected,
  inside,
  type Member,
  moderates,
  moderatorsOf,
  onStage,
  queueOf,
  type RoomState,
  stageOf,
  withMember,
  withRoom,
} from './state.ts';

/* What each action makes of a room. Pure; whether it may is policy's. */

/** What someone has who neither stands on the stage nor asked for it. */
const nothingAsked = {
  muted: true,
  stage_at: null,
  hand_at: null,
  hand_line: '',
  invited_by: null,
  moderation_offered_at: null,
  moderation_declined: false,
} as const;

export interface Arrival {
  account: AccountId;
  device: string;
  session: string;
  now: Date;
  /** A socket of the device is open already. */
  connected: boolean;
}

/**
 * Enters, or comes back. Inside already: role, mute and place are kept (RO-5); a new device takes over muted, for
 * nobody has opened its microphone yet. A moderator who had left a room that nobody moderates now has it again.
 */
export function arrive(state: RoomState, { account, device, session, now, connected }: Arrival): RoomState {
  const was = state.people.get(account);
  const disconnected_at = connected ? null : now;
  if (inside(was)) {
    const moved = was.device !== device;
    return withMember(state, account, {
      device,
      session_id: session,
      disconnected_at,
      ...(moved && { muted: true }),
    });
  }
  const resumes = was?.role === 'moderator' && moderatorsOf(state).length === 0 && !stageFull(state);
  const member: Member = {
    room_id: state.room.id,
    account_id: account,
    ...nothingAsked,
    role: resumes ? 'moderator' : 'listener',
    stage_at: resumes ? now : null,
    device,
    session_id: session,
    entered_at: now,
    disconnected_at,
    left_at: null,
  };
  return { ...state, people: new Map(state.people).set(account, member) };
}

/** Out of the room. The role is remembered, for `arrive`; whoever is removed loses it. */
export const leave = (state: RoomState, account: AccountId, now: Date): RoomState =>
  inside(state.people.get(account))
    ? withMember(state, account, { ...nothingAsked, session_id: null, disconnected_at: null, left_at: now })
    : state;

export const remove = (state: RoomState, account: AccountId, now: Date): RoomState =>
  withMember(leave(state, account, now), account, { role: 'listener' });

export const setConnected = (state: RoomState, account: AccountId, since: Date | null): RoomState =>
  inside(state.people.get(account)) ? withMember(state, account, { disconnected_at: since }) : state;

/** Up goes the hand; a hand that is up keeps its place (RO-4). */
export function raiseHand(state: RoomState, account: AccountId, line: string, now: Date): RoomState {
  const member = state.people.get(account);
  if (member?.hand_at) return withMember(state, account, { hand_line: line });
  const last = queueOf(state).at(-1)?.hand_at?.getTime() ?? 0;
  // Two hands of one millisecond, or a clock set back, must not pass each other.
  return withMember(state, account, {
    hand_at: new Date(Math.max(now.getTime(), last + 1)),
    hand_line: line,
  });
}

export const lowerHand = (state: RoomState, account: AccountId): RoomState =>
  withMember(state, account, { hand_at: null, hand_line: '' });

export const invite = (state: RoomState, by: AccountId, account: AccountId): RoomState =>
  state.people.get(account)?.invited_by ? state : withMember(state, account, { invited_by: by });

/** To the stage, always muted (RO-3). */
export const goOnStage = (state: RoomState, account: AccountId, now: Date): RoomState =>
  withMember(state, account, { ...nothingAsked, role: 'speaker', stage_at: now });

export const decline = (state: RoomState, account: AccountId): RoomState =>
  withMember(state, account, { invited_by: null, hand_at: null, hand_line: '' });

export const declineModeration = (state: RoomState, account: AccountId): RoomState =>
  withMember(state, account, { moderation_offered_at: null, moderation_declined: true });

export const moveDown = (state: RoomState, account: AccountId): RoomState =>
  withMember(state, account, { ...nothingAsked, role: 'listener' });

export const setMuted = (state: RoomState, account: AccountId, muted: boolean): RoomState =>
  withMember(state, account, { muted });

export const makeModerator = (state: RoomState, account: AccountId): RoomState =>
  withMember(state, account, {
    role: 'moderator',
    moderation_offered_at: null,
    moderation_declined: false,
  });

/** The one who opens a room: its first moderator, on stage and muted (RO-1). */
export const open = (state: RoomState, arrival: Arrival): RoomState =>
  makeModerator(goOnStage(arrive(state, arrival), arrival.account, arrival.now), arrival.account);

/** Locking the stage takes back the invitations that wait: nobody comes up any more. Raised hands stay. */
export function lockStage(state: RoomState, locked: boolean): RoomState {
  const next = withRoom(state, { stage_locked: locked });
  if (!locked) return next;
  return [...state.people.values()]
    .filter(member => member.invited_by !== null)
    .reduce((each, member) => withMember(each, member.account_id, { invited_by: null }), next);
}

export function end(state: RoomState, reason: 'ended' | 'gone', now: Date): RoomState {
  return [...state.people.values()].reduce(
    (each, member) => leave(each, member.account_id, now),
    withRoom(state, { ended_at: now, end_reason: reason }),
  );
}

/** Starts the clock of RO-5 when the last connected moderator goes, and stops it, offers and all, when one is back. */
export function watchModeration(state: RoomState, now: Date): RoomState {
  const moderated = moderatorsOf(state).some(connected);
  if (!moderated) return state.room.unmoderated_since ? state : withRoom(state, { unmoderated_since: now });
  if (!state.room.unmoderated_since) return state;
  return [...state.people.values()]
    .filter(member => member.moderation_offered_at !== null || member.moderation_declined)
    .reduce(
      (each, member) =>
        withMember(each, member.account_id, { moderation_offered_at: null, moderation_declined: false }),
      withRoom(state, { unmoderated_since: null }),
    );
}

/**
 * A room without moderators is offered to the longest-standing connected speaker; who declines, leaves, or does not
 * answer in time is followed by the next; with nobody left it ends (RO-5).
 */
export function passOn(state: RoomState, now: Date): RoomState {
  const candidates = stageOf(state).filter(
    member => !moderates(member) && connected(member) && !member.moderation_declined,
  );
  const recent = now.getTime() - OFFER_SECONDS * 1000;
  if (candidates.some(member => (member.moderation_offered_at?.getTime() ?? 0) > recent)) return state;
  const next = candidates.find(member => member.moderation_offered_at === null);
  if (next) return withMember(state, next.account_id, { moderation_offered_at: now });
  return candidates.length > 0 ? state : end(state, 'gone', now);
}

/** Whose voice may be heard: inside, on stage, not muted (AU-4). */
export const rightsOf = (
  member: Pick<Member, 'left_at' | 'role' | 'muted'> | undefined,
): { onStage: boolean; maySpeak: boolean } => ({
  onStage: onStage(member),
  maySpeak: onStage(member) && !member.muted,
});
