import type {
  AccountId,
  Audience,
  Hand,
  Listener,
  Person,
  RoomCard,
  RoomInfo,
  RoomYou,
  StageMember,
} from '@sotto/protocol';
import type { ListenerRow } from './audience-store.ts';
import { mayRaiseHand } from './policy.ts';
import {
  connected,
  type Member,
  moderates,
  onStage,
  queueOf,
  type Room,
  type RoomState,
  stageOf,
} from './state.ts';

/* Rows to what the contract shows. Somebody whose account went meanwhile is just not there. */

export type People = ReadonlyMap<AccountId, Person>;

/** The first of a stage on a card. */
const CARD_STAGE = 6;

export const infoOf = (room: Room): RoomInfo => ({
  id: room.id,
  title: room.title,
  topics: room.topics,
  visibility: room.visibility,
  hands: room.hands,
  stageLocked: room.stage_locked,
  startedAt: room.started_at.toISOString(),
  openedBy: room.opened_by,
});

export const stageView = (
  state: RoomState,
  people: People,
  csrcOf: (account: AccountId) => number,
): StageMember[] =>
  stageOf(state).flatMap(member => {
    const person = people.get(member.account_id);
    if (!person) return [];
    return {
      person,
      moderator: moderates(member),
      muted: member.muted,
      connected: connected(member),
      csrc: csrcOf(member.account_id),
    };
  });

export const handsView = (state: RoomState, people: People): Hand[] =>
  queueOf(state).flatMap(member => {
    const person = people.get(member.account_id);
    if (!person || !member.hand_at) return [];
    return {
      person,
      line: member.hand_line,
      raisedAt: member.hand_at.toISOString(),
      invited: member.invited_by !== null,
    };
  });

/** Each one's place in the queue, from 1. */
export const placesOf = (state: RoomState): Map<AccountId, number> =>
  new Map(queueOf(state).map((member, index) => [member.account_id, index + 1]));

export function youView(
  state: RoomState,
  member: Member,
  facts: { people: People; place: number | undefined; followed: boolean },
): RoomYou {
  const inviter = member.invited_by === null ? undefined : facts.people.get(member.invited_by);
  return {
    role: member.role,
    muted: member.muted,
    hand: facts.place === undefined ? null : { place: facts.place, line: member.hand_line },
    mayRaiseHand: mayRaiseHand(state, member, facts.followed),
    invitation: inviter ? { by: inviter } : null,
    offeredModeration: member.moderation_offered_at !== null,
    device: member.device,
    key: moderates(member) && state.room.visibility === 'private' ? state.room.key : null,
  };
}

export const listenersView = (rows: readonly ListenerRow[], people: People): Listener[] =>
  rows.flatMap(row => {
    const person = people.get(row.account_id);
    return person ? { ...person, followedBySpeaker: row.followed, handRaised: row.hand } : [];
  });

export const audienceView = (
  { count, sample }: { count: number; sample: readonly ListenerRow[] },
  people: People,
): Audience => ({ count, sample: listenersView(sample, people) });

export function cardView(
  { room, stage, count }: { room: Room; stage: readonly Member[]; count: number },
  people: People,
  why: RoomCard['why'],
): RoomCard {
  const sorted = stageOf({ room, people: new Map(stage.map(member => [member.account_id, member])) });
  return {
    id: room.id,
    title: room.title,
    topics: room.topics,
    visibility: room.visibility,
    startedAt: room.started_at.toISOString(),
    stage: sorted.slice(0, CARD_STAGE).flatMap(member => {
      const person = people.get(member.account_id);
      return person ? { ...person, moderator: moderates(member) } : [];
    }),
    stageCount: stage.filter(onStage).length,
    count,
    why,
  };
}
