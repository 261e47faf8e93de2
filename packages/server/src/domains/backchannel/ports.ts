import type { AccountId, Attachment, Id, LinkPreview, Person, RoomId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';

/** What the Backchannel asks of accounts. */
export interface People {
  people(ids: readonly AccountId[], executor?: Executor): Promise<ReadonlyMap<AccountId, Person>>;
  /** Since when the accounts are there; absent ones are left out. */
  joinedAt(ids: readonly AccountId[], executor?: Executor): Promise<ReadonlyMap<AccountId, Date>>;
  /** Words of a text as search knows them: folded, letters and digits only. */
  searchWords(text: string): string[];
}

/** What the Backchannel asks of the graph. */
export interface Relations {
  blockedEitherWay(a: AccountId, b: AccountId, executor?: Executor): Promise<boolean>;
  /** Everyone who has blocked this account, or whom it has blocked. */
  blockedWith(account: AccountId, executor?: Executor): Promise<ReadonlySet<AccountId>>;
  /** The same of many; who has no block at all is left out. */
  blockedWithEach(
    accounts: readonly AccountId[],
    executor?: Executor,
  ): Promise<ReadonlyMap<AccountId, ReadonlySet<AccountId>>>;
  /** Which of `followees` the follower follows. */
  follows(
    follower: AccountId,
    followees: readonly AccountId[],
    executor?: Executor,
  ): Promise<ReadonlySet<AccountId>>;
  /**
   * The viewer blocks the account.
   * @throws Refusal `not_found`, `not_yourself`
   */
  block(viewer: AccountId, account: AccountId): Promise<unknown>;
  /** Refuses with `not_found` whom the viewer may not see. */
  visiblePerson(viewer: AccountId, account: AccountId): Promise<Person>;
}

/** What the Backchannel asks of attachments. */
export interface Files {
  /** Attachments with links that are good for a while; absent ones are left out. */
  present(ids: readonly Id[], executor?: Executor): Promise<ReadonlyMap<Id, Attachment>>;
}

/** What the Backchannel asks of rooms, which stand beside it: wired where both are known. */
export interface RoomsPort {
  titles(
    ids: readonly RoomId[],
    executor?: Executor,
  ): Promise<ReadonlyMap<RoomId, { title: string; ended: boolean }>>;
  /** The latest room in which the account was together with each of the others; left out where there is none (BC-12). */
  lastTogether(
    account: AccountId,
    others: readonly AccountId[],
    executor?: Executor,
  ): Promise<ReadonlyMap<AccountId, { id: RoomId; title: string; at: string }>>;
  /** Whether the account may show the room to others: it is live, and they may enter; a key must be the room's (BC-5). */
  mayShow(account: AccountId, room: RoomId, key: string | undefined): Promise<boolean>;
}

/** What the Backchannel asks of links, once a message is out (BC-23). */
export interface LinksPort {
  /** What stands behind a link; null for nothing to show. It may take seconds. */
  preview(url: string): Promise<LinkPreview | null>;
}
