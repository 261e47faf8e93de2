import type { AccountId, Person, Profile } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Work } from '../../platform/work.ts';

/** What the graph needs of the accounts below it. */
export interface AccountsPort {
  people(ids: readonly AccountId[], executor?: Executor): Promise<Map<AccountId, Person>>;
  /** The words of a text as search knows them: folded, letters and digits only. */
  searchWords(text: string): string[];
}

/** What domains above the graph do for it; wired by `app.ts`. */
export interface GraphPorts {
  /** The room the account is in, if the viewer may enter it. */
  roomOf(viewer: AccountId, account: AccountId): Promise<Profile['room']>;
  /** Whether the viewer may write to the account (BC-15). */
  writing(viewer: AccountId, account: AccountId): Promise<Profile['writing']>;
  /** In the transaction of a new block: mutual silence in rooms and conversations (PE-5). */
  onBlock(work: Work, blocker: AccountId, blocked: AccountId): Promise<void>;
  /** In the transaction that begins or ends a follow: who may raise a hand depends on it (RO-4). */
  onFollow?(work: Work, follower: AccountId, followee: AccountId): Promise<void>;
  /** In the transaction that ends a block; the other's block of the first may still stand. */
  onUnblock?(work: Work, blocker: AccountId, blocked: AccountId): Promise<void>;
}

/** What the actions of this domain stand on. */
export interface Context extends Platform {
  accounts: AccountsPort;
  ports: GraphPorts;
}
