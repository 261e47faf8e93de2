import { type AccountId, type HandsMode, STAGE_MAX } from '@sotto/protocol';
import { refuse } from '../../platform/refusal.ts';
import { inside, type Member, moderates, onStage, type RoomState, stageOf } from './state.ts';

/*
 * Who may do what in a room (RO-2). Pure: state in, refusal or nothing out.
 *
 * Standing, from low to high: listener, speaker, moderator, opener (while a moderator).
 * - Moderators act on speakers and listeners alike. Among moderators, anyone may mute anyone (they may unmute
 *   themselves), but only the opener may move another moderator down or remove one: otherwise whoever is made moderator
 *   last could take the room from the one who opened it.
 * - A block between two people of one room (PE-5) puts the lower one out; of two who stand alike on the stage, the one who
 *   blocks goes: blocking gives nobody power over another's stage. Two listeners both stay.
 */

/** Seconds a dropped connection keeps its role, mute and place (RO-5). */
export const RECONNECT_SECONDS = 90;
/** Seconds without a connected moderator before the room is passed on (RO-5). */
export const UNMODERATED_SECONDS = 60;
/** Seconds an offered room waits for one speaker before the next is asked as well. */
export const OFFER_SECONDS = 20;
/** Seconds before the same person can be called into the same room again. */
export const PING_AGAIN_SECONDS = 60;

export type Standing = 'absent' | 'listener' | 'speaker' | 'moderator' | 'opener';
const ranks: Record<Standing, number> = { absent: 0, listener: 1, speaker: 2, moderator: 3, opener: 4 };

export function standingOf(state: RoomState, account: AccountId): Standing {
  const member = state.people.get(account);
  if (!inside(member)) return 'absent';
  return member.role === 'moderator' && state.room.opened_by === account ? 'opener' : member.role;
}

/** Whether one who moderates may move down or remove the other. */
export const mayOverrule = (actor: Standing, target: Standing): boolean =>
  actor === 'opener' ? true : actor === 'moderator' && ranks[target] < ranks.moderator;

export function checkInside(state: RoomState, account: AccountId): Member {
  const member = state.people.get(account);
  if (!inside(member)) throw refuse('not_in_room');
  return member;
}

export function checkModerator(state: RoomState, account: AccountId): void {
  if (!moderates(checkInside(state, account))) throw refuse('moderators_only');
}

/** The other person of an action, who must be in the room. */
export function checkTarget(state: RoomState, account: AccountId): Member {
  const member = state.people.get(account);
  if (!inside(member)) throw refuse('not_found');
  return member;
}

export function checkOnStage(member: Member): void {
  if (!onStage(member)) throw refuse('stage_only');
}

export function checkOverrule(state: RoomState, actor: AccountId, target: AccountId): void {
  if (actor !== target && !mayOverrule(standingOf(state, actor), standingOf(state, target)))
    throw refuse('forbidden');
}

export const stageFull = (state: RoomState): boolean => stageOf(state).length >= STAGE_MAX;

export function checkStageHasPlace(state: RoomState): void {
  if (stageFull(state)) throw refuse('stage_full', { max: STAGE_MAX });
}

export function checkInvite(state: RoomState, actor: AccountId, target: AccountId): void {
  checkModerator(state, actor);
  if (onStage(checkTarget(state, target))) throw refuse('already_on_stage');
  if (state.room.stage_locked) throw refuse('stage_locked');
  checkStageHasPlace(state);
}

/** Whether the mode lets somebody raise a hand. `followed`: someone on stage follows them (RO-4). */
export const modeAdmits = (mode: HandsMode, followed: boolean): boolean =>
  mode === 'everyone' || (mode === 'followed' && followed);

export const mayRaiseHand = (state: RoomState, member: Member, followed: boolean): boolean =>
  inside(member) && !onStage(member) && !state.room.stage_locked && modeAdmits(state.room.hands, followed);

/** A hand that is up stays up whatever the mode has become: asking again only changes its line. */
export function checkRaiseHand(state: RoomState, account: AccountId, followed: boolean): void {
  const member = checkInside(state, account);
  if (onStage(member)) throw refuse('already_on_stage');
  if (member.hand_at !== null) return;
  if (state.room.stage_locked) throw refuse('stage_locked');
  if (state.room.hands !== 'everyone' && !modeAdmits(state.room.hands, followed))
    throw refuse('hands_off', { mode: state.room.hands });
}

export function checkAccept(state: RoomState, account: AccountId): void {
  const member = checkInside(state, account);
  if (onStage(member) || member.invited_by === null) throw refuse('not_invited');
  checkStageHasPlace(state);
}

/** The offer of RO-5 stands only while nobody moderates. */
export function checkOffered(state: RoomState, account: AccountId): void {
  if (checkInside(state, account).moderation_offered_at === null) throw refuse('not_invited');
}

/** Who of two goes when one blocks the other; null where both may stay (PE-5). */
export function whoGoes(state: RoomState, blocker: AccountId, blocked: AccountId): AccountId | null {
  const [a, b] = [standingOf(state, blocker), standingOf(state, blocked)];
  if (a === 'absent' || b === 'absent') return null;
  if (a === 'listener' && b === 'listener') return null;
  return ranks[a] > ranks[b] ? blocked : blocker;
}
