import type { AccountId, Person, Relation } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Work } from '../../platform/work.ts';
import { visiblePerson } from './access.ts';
import { blockUnseen, doBlock } from './actions.ts';
import type { AccountsPort, Context, GraphPorts } from './context.ts';
import { graphRoutes } from './routes.ts';
import { blockedEitherWay, blocksOf, followedAmong, followedByAny, hasBlocked } from './store.ts';

export type { GraphPorts } from './context.ts';

/** Who follows whom, and who has blocked whom (PE-4, PE-5). */
export interface Graph {
  routes: ReturnType<typeof graphRoutes>;
  /** Whether one of the two has blocked the other. */
  blockedEitherWay(a: AccountId, b: AccountId, executor?: Executor): Promise<boolean>;
  /** Everyone with a block to or from this account. */
  blockedWith(account: AccountId, executor?: Executor): Promise<Set<AccountId>>;
  /** The same of many; who has no block at all is left out. */
  blockedWithEach(
    accounts: readonly AccountId[],
    executor?: Executor,
  ): Promise<Map<AccountId, Set<AccountId>>>;
  /** Which of `followees` the follower follows. */
  follows(follower: AccountId, followees: readonly AccountId[], executor?: Executor): Promise<Set<AccountId>>;
  /** Which of `people` are followed by at least one of `followers`. */
  followedByAny(
    people: readonly AccountId[],
    followers: readonly AccountId[],
    executor?: Executor,
  ): Promise<Set<AccountId>>;
  /** The viewer blocks the account; again is no error. @throws Refusal `not_found`, `not_yourself` */
  block(viewer: AccountId, account: AccountId): Promise<Relation>;
  /**
   * The same as part of a transaction, also where the account has blocked the viewer: for who has them before their eyes, in
   * what they wrote.
   */
  blockUnseen(work: Work, viewer: AccountId, account: AccountId): Promise<Relation>;
  /** The person, to whom may see them. @throws Refusal `not_found` if absent, unfinished, or they blocked the viewer */
  visiblePerson(viewer: AccountId, account: AccountId): Promise<Person>;
}

export function createGraph(platform: Platform, accounts: AccountsPort, ports: GraphPorts): Graph {
  const context: Context = { ...platform, accounts, ports };
  const { db } = platform;
  return {
    routes: graphRoutes(context),
    blockedEitherWay: async (a, b, executor = db) =>
      (await hasBlocked(executor, a, b)) || (await hasBlocked(executor, b, a)),
    blockedWith: async (account, executor = db) => new Set(await blockedEitherWay(executor, account)),
    blockedWithEach: async (accounts, executor = db) => {
      const found = new Map<AccountId, Set<AccountId>>();
      for (const { account, other } of accounts.length === 0 ? [] : await blocksOf(executor, accounts))
        found.set(account, (found.get(account) ?? new Set()).add(other));
      return found;
    },
    follows: async (follower, followees, executor = db) =>
      new Set(followees.length === 0 ? [] : await followedAmong(executor, follower, followees)),
    followedByAny: async (people, followers, executor = db) =>
      new Set(
        people.length === 0 || followers.length === 0 ? [] : await followedByAny(executor, people, followers),
      ),
    block: (viewer, account) => doBlock(context, viewer, account),
    blockUnseen: (work, viewer, account) => blockUnseen(context, work, viewer, account),
    visiblePerson: (viewer, account) => visiblePerson(context, viewer, account),
  };
}
