import type { AccountId } from '@sotto/protocol';
import type { Selectable } from 'kysely';
import type { Schema } from '../../platform/db/index.ts';

export type Room = Selectable<Schema['rooms']>;
/** Someone in a room, or who was; `left_at` tells. */
export type Member = Selectable<Schema['room_people']>;

/**
 * A room as its rules see it. `people` holds the stage, the raised hands, the invited, and whomever an action is about:
 * never the whole audience.
 */
export interface RoomState {
  readonly room: Room;
  readonly people: ReadonlyMap<AccountId, Member>;
}

type Place = Pick<Member, 'left_at' | 'role'>;
type Inside = { left_at: null };

export const inside = <M extends Place>(member: M | undefined): member is M & Inside =>
  member?.left_at === null;
export const onStage = <M extends Place>(
  member: M | undefined,
): member is M & Inside & { role: 'moderator' | 'speaker' } => inside(member) && member.role !== 'listener';
export const moderates = <M extends Place>(
  member: M | undefined,
): member is M & Inside & { role: 'moderator' } => inside(member) && member.role === 'moderator';
export const connected = (member: Member): boolean => member.disconnected_at === null;

const time = (date: Date | null): number => date?.getTime() ?? 0;
const byId = (a: Member, b: Member): number => (a.account_id < b.account_id ? -1 : 1);

/** Moderators first, then speakers, the longest there first. */
export function stageOf(state: RoomState): Member[] {
  const rank = (member: Member): number => (member.role === 'moderator' ? 0 : 1);
  return [...state.people.values()]
    .filter(onStage)
    .sort((a, b) => rank(a) - rank(b) || time(a.stage_at) - time(b.stage_at) || byId(a, b));
}

export const stageIds = (state: RoomState): AccountId[] => stageOf(state).map(member => member.account_id);

/** The raised hands, in order: who asked first stands first (RO-4). */
export function queueOf(state: RoomState): Member[] {
  return [...state.people.values()]
    .filter(member => inside(member) && member.hand_at !== null)
    .sort((a, b) => time(a.hand_at) - time(b.hand_at) || byId(a, b));
}

export const moderatorsOf = (state: RoomState): Member[] => [...state.people.values()].filter(moderates);

export const withRoom = (state: RoomState, change: Partial<Room>): RoomState => ({
  ...state,
  room: { ...state.room, ...change },
});

export function withMember(state: RoomState, account: AccountId, change: Partial<Member>): RoomState {
  const member = state.people.get(account);
  if (!member) return state;
  return { ...state, people: new Map(state.people).set(account, { ...member, ...change }) };
}

export const withMembers = (state: RoomState, members: readonly Member[]): RoomState => {
  const people = new Map(state.people);
  for (const member of members) people.set(member.account_id, member);
  return { ...state, people };
};
