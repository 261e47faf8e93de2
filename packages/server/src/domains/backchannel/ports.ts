import type { AccountId, Attachment, Id, LinkPreview, Person, RoomId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';

/** What the Backchannel asks of accounts. */
export interface People {
  people(ids: readonly AccountId[], executor?: Executor): Promise<ReadonlyMap<AccountId, Person>>;
  /** Words of a text as search knows them: folded, letters and digits only. */
  searchWords(text: string): string[];
}

/** What the Backchannel asks of the graph. */
export interface Relations {
  blockedEitherWay(a: AccountId, b: AccountId, executor?: Executor): Promise<boolean>;
  /** Everyone who has blocked this account, or whom it has blocked. */
  blockedWith(account: AccountId, executor?: Executor): Promise<ReadonlySet<AccountId>>;
  /** Which of `followees` the follower follows. */
  follows(
    follower: AccountId,
    followees: readonly AccountId[],
    executor?: Executor,
  ): Promise<ReadonlySet<AccountId>>;
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
}

/** What the Backchannel asks of links, once a message is out (BC-23). */
export interface LinksPort {
  /** What stands behind a link; null for nothing to show. It may take seconds. */
  preview(url: string): Promise<LinkPreview | null>;
}
