import type { AccountId, Id, Person, RoomId, RoomSnapshot } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import type { Work } from '../../platform/work.ts';

/** Why the audio of a person or a room is closed, as `docs/closures.md` names it. */
export type AudioCloseReason = 'left' | 'kicked' | 'room_ended' | 'moved' | 'timeout';

export interface AudioRights {
  onStage: boolean;
  /** Inside, on stage, and not muted: only then the uplink is heard (AU-4). */
  maySpeak: boolean;
}

/** Port to the audio plane: rooms says who may do what, media carries it out. */
export interface AudioPort {
  /**
   * Answers an SDP offer.
   * @throws Refusal `bad_offer`, `audio_full` or `unavailable`
   */
  connect(
    request: { room: RoomId; account: AccountId; device: string; offer: string } & AudioRights,
  ): Promise<{ session: Id; answer: string }>;
  /** Effective on the next packet. Nobody there: nothing happens. */
  permit(room: RoomId, account: AccountId, rights: AudioRights): void;
  closePerson(room: RoomId, account: AccountId, reason: AudioCloseReason): void;
  closeRoom(room: RoomId, reason: AudioCloseReason): void;
  snapshot(room: RoomId): { slots: (Id | null)[]; speaking: RoomSnapshot['speaking'] };
  /** The contributing source that names this person's voice (RFC 3550 section 5.1), an unsigned 32-bit number. */
  csrcOf(account: AccountId): number;
  /** Who has an audio session on this node, for the check that the bus lost nothing (RT-9). */
  participants(): readonly { room: RoomId; account: AccountId }[];
}

/** What became of who is in a room, and where. */
export interface PeopleChange {
  room: RoomId;
  entered: readonly AccountId[];
  left: readonly AccountId[];
  stageEntered: readonly AccountId[];
  stageLeft: readonly AccountId[];
  /** Who moderates from now on, of those who came and of those who stay; and who of those who stay does no more. */
  promoted: readonly AccountId[];
  demoted: readonly AccountId[];
  /** The room is over: nothing else matters. */
  ended: boolean;
}

/**
 * What is written in a room stands beside rooms: it is told in the transaction of each change, so that who may read it is
 * as true as who is there.
 */
export interface TalkPort {
  onRoomOpened(work: Work, room: RoomId): Promise<void>;
  onRoomChanged(work: Work, change: PeopleChange): Promise<void>;
  onRoomRemoved(work: Work, room: RoomId, account: AccountId): Promise<void>;
  /**
   * Whom a room that starts from a conversation is for (BC-4); who is `quiet` is let in without being called.
   * @throws Refusal `not_found`
   */
  othersIn(
    work: Work,
    account: AccountId,
    conversation: Id,
  ): Promise<{ account: AccountId; quiet: boolean }[]>;
}

/** What rooms need of the accounts below them. */
export interface AccountsPort {
  people(ids: readonly string[], executor?: Executor): Promise<Map<AccountId, Person>>;
  /** Until when the account is kept from writing (PE-9). */
  standing(account: AccountId): Promise<{ silencedUntil: Date | null }>;
}

/** What rooms need of the graph below them. */
export interface GraphPort {
  /** Everyone with a block to or from this account. */
  blockedWith(account: string, executor?: Executor): Promise<Set<AccountId>>;
  /** Which of `followees` the follower follows. */
  follows(follower: string, followees: readonly string[], executor?: Executor): Promise<Set<AccountId>>;
  /** Which of `people` are followed by at least one of `followers`. */
  followedByAny(
    people: readonly string[],
    followers: readonly string[],
    executor?: Executor,
  ): Promise<Set<AccountId>>;
}
