import type { AccountId } from '@sotto/protocol';
import { mayRaiseHand } from './policy.ts';
import {
  connected,
  inside,
  type Member,
  moderates,
  onStage,
  queueOf,
  type RoomState,
  stageOf,
} from './state.ts';
import { rightsOf } from './transitions.ts';
import { infoOf, placesOf } from './views.ts';

/* What is different between two states of a room. Pure: what is told follows from it, so nothing can be forgotten. */

/** Who of the people is followed by someone on the stage, where the mode asks for it. */
export type Followed = ReadonlySet<AccountId>;

export interface Changes {
  info: boolean;
  stage: boolean;
  /** The queue as moderators see it. */
  hands: boolean;
  handCount: boolean;
  /** Who came onto the stage, and who went from it. */
  stageAdded: AccountId[];
  stageGone: AccountId[];
  /** Who came in and who went out. */
  entered: AccountId[];
  out: AccountId[];
  /** Who stays, and has something to learn about themselves. */
  you: AccountId[];
  /** Who stays and became, or ceased to be, a moderator. */
  promoted: AccountId[];
  demoted: AccountId[];
  /** Whose voice may be heard otherwise than before. */
  rights: AccountId[];
}

const text = (value: unknown): string => JSON.stringify(value);

const stageKey = (state: RoomState): string =>
  text(stageOf(state).map(each => [each.account_id, moderates(each), each.muted, connected(each)]));

const handsKey = (state: RoomState): string =>
  text(queueOf(state).map(each => [each.account_id, each.hand_at, each.hand_line, each.invited_by !== null]));

const youKey = (state: RoomState, member: Member, place: number | undefined, followed: boolean): string =>
  text([
    member.role,
    member.muted,
    place,
    member.hand_line,
    member.invited_by,
    member.moderation_offered_at !== null,
    member.device,
    mayRaiseHand(state, member, followed),
  ]);

export function changesOf(
  before: RoomState,
  after: RoomState,
  followed: { before: Followed; after: Followed },
): Changes {
  const accounts = [...new Set([...before.people.keys(), ...after.people.keys()])];
  const was = (account: AccountId) => before.people.get(account);
  const is = (account: AccountId) => after.people.get(account);
  const stays = accounts.filter(account => inside(was(account)) && inside(is(account)));
  const [placesBefore, placesAfter] = [placesOf(before), placesOf(after)];

  const youOf = (state: RoomState, account: AccountId, places: Map<AccountId, number>, set: Followed) => {
    const member = state.people.get(account);
    return member ? youKey(state, member, places.get(account), set.has(account)) : '';
  };

  return {
    info: text(infoOf(before.room)) !== text(infoOf(after.room)),
    stage: stageKey(before) !== stageKey(after),
    hands: handsKey(before) !== handsKey(after),
    handCount: placesBefore.size !== placesAfter.size,
    stageAdded: accounts.filter(account => !onStage(was(account)) && onStage(is(account))),
    stageGone: accounts.filter(account => onStage(was(account)) && !onStage(is(account))),
    entered: accounts.filter(account => !inside(was(account)) && inside(is(account))),
    out: accounts.filter(account => inside(was(account)) && !inside(is(account))),
    you: stays.filter(
      account =>
        youOf(before, account, placesBefore, followed.before) !==
        youOf(after, account, placesAfter, followed.after),
    ),
    promoted: stays.filter(account => !moderates(was(account)) && moderates(is(account))),
    demoted: stays.filter(account => moderates(was(account)) && !moderates(is(account))),
    rights: stays.filter(account => text(rightsOf(was(account))) !== text(rightsOf(is(account)))),
  };
}

/** Whether any part that carries the room's version is different (RO-15). */
export const bumps = (changes: Changes): boolean =>
  changes.info || changes.stage || changes.hands || changes.you.length > 0;
