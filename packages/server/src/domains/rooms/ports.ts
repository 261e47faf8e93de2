import type { AccountId, Id, Person, RoomId, RoomSnapshot } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';

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

/** What rooms need of the accounts below them. */
export interface AccountsPort {
  people(ids: readonly string[], executor?: Executor): Promise<Map<AccountId, Person>>;
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
