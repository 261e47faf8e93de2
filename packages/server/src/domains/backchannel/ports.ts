import type { AccountId, Person } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';

/** What the Backchannel asks of accounts. */
export interface People {
  people(ids: readonly AccountId[], executor?: Executor): Promise<ReadonlyMap<AccountId, Person>>;
}

/** What the Backchannel asks of the graph. */
export interface Relations {
  blockedEitherWay(a: AccountId, b: AccountId, executor?: Executor): Promise<boolean>;
  /** Everyone who has blocked this account, or whom it has blocked. */
  blockedWith(account: AccountId, executor?: Executor): Promise<ReadonlySet<AccountId>>;
  /** Refuses with `not_found` whom the viewer may not see. */
  visiblePerson(viewer: AccountId, account: AccountId): Promise<Person>;
}
