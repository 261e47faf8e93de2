import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Database, Executor, Schema, Tx } from '../../platform/db/index.ts';

/** Where follows and blocks are kept. Of accounts it only reads. */

const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`;

/**
 * Serialises what changes the relation of two people, whichever way round: else a follow that has just been allowed
 * could be written after the block that forbids it.
 */
export async function lockPair(tx: Tx, a: string, b: string): Promise<void> {
  const pair = [a, b].sort().join();
  await sql`select pg_advisory_xact_lock(hashtextextended(${pair}, 0))`.execute(tx);
}

type Kind = 'following' | 'followsYou' | 'blocked';

/** Those of `ids` with whom the viewer has each relation. */
export async function relationsTo(db: Executor, viewer: string, ids: readonly string[]) {
  const rows = await db
    .selectFrom('follows')
    .select(['followee_id as id', sql<Kind>`'following'`.as('kind')])
    .where('follower_id', '=', viewer)
    .where('followee_id', '=', anyOf(ids))
    .unionAll(
      db
        .selectFrom('follows')
        .select(['follower_id as id', sql<Kind>`'followsYou'`.as('kind')])
        .where('followee_id', '=', viewer)
        .where('follower_id', '=', anyOf(ids)),
    )
    .unionAll(
      db
        .selectFrom('blocks')
        .select(['blocked_id as id', sql<Kind>`'blocked'`.as('kind')])
        .where('blocker_id', '=', viewer)
        .where('blocked_id', '=', anyOf(ids)),
    )
    .execute();
  const of = (kind: Kind): Set<string> => new Set(rows.filter(row => row.kind === kind).map(row => row.id));
  return { following: of('following'), followsYou: of('followsYou'), blocked: of('blocked') };
}

/** @returns whether it is new */
export const insertFollow = async (tx: Tx, follower: string, followee: string, now: Date): Promise<boolean> =>
  ((
    await tx
      .insertInto('follows')
      .values({ follower_id: follower, followee_id: followee, created_at: now })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirst()
  ).numInsertedOrUpdatedRows ?? 0n) > 0n;

/** @returns whether there was one */
export const deleteFollow = async (tx: Tx, follower: string, followee: string): Promise<boolean> =>
  (
    await tx
      .deleteFrom('follows')
      .where('follower_id', '=', follower)
      .where('followee_id', '=', followee)
      .executeTakeFirst()
  ).numDeletedRows > 0n;

/** @returns whether it is new */
export const insertBlock = async (tx: Tx, blocker: string, blocked: string, now: Date): Promise<boolean> =>
  ((
    await tx
      .insertInto('blocks')
      .values({ blocker_id: blocker, blocked_id: blocked, created_at: now })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirst()
  ).numInsertedOrUpdatedRows ?? 0n) > 0n;

/** @returns whether there was one */
export const deleteBlock = async (tx: Tx, blocker: string, blocked: string): Promise<boolean> =>
  (
    await tx
      .deleteFrom('blocks')
      .where('blocker_id', '=', blocker)
      .where('blocked_id', '=', blocked)
      .executeTakeFirst()
  ).numDeletedRows > 0n;

export const hasBlocked = async (db: Executor, blocker: string, blocked: string): Promise<boolean> =>
  (await db
    .selectFrom('blocks')
    .select('blocked_id')
    .where('blocker_id', '=', blocker)
    .where('blocked_id', '=', blocked)
    .executeTakeFirst()) !== undefined;

/** Whom the account has blocked and who has blocked it. */
export const blockedEitherWay = async (db: Executor, account: string): Promise<string[]> =>
  (
    await db
      .selectFrom('blocks')
      .select('blocked_id as id')
      .where('blocker_id', '=', account)
      .union(db.selectFrom('blocks').select('blocker_id as id').where('blocked_id', '=', account))
      .execute()
  ).map(row => row.id);

/** Each of the accounts that has a block, once with everyone it has one with. */
export async function blocksOf(
  db: Executor,
  accounts: readonly string[],
): Promise<{ account: string; other: string }[]> {
  const { rows } = await sql<{ account: string; other: string }>`
    select blocker_id as account, blocked_id as other from blocks where blocker_id = ${anyOf(accounts)}
    union select blocked_id, blocker_id from blocks where blocked_id = ${anyOf(accounts)}`.execute(db);
  return rows;
}

/** Whom the account has blocked, newest first. */
export const blockedBy = async (db: Executor, account: string): Promise<string[]> =>
  (
    await db
      .selectFrom('blocks')
      .select('blocked_id')
      .where('blocker_id', '=', account)
      .orderBy('created_at', 'desc')
      .orderBy('blocked_id', 'desc')
      .execute()
  ).map(row => row.blocked_id);

export const followedAmong = async (
  db: Executor,
  follower: string,
  followees: readonly string[],
): Promise<string[]> =>
  (
    await db
      .selectFrom('follows')
      .select('followee_id')
      .where('follower_id', '=', follower)
      .where('followee_id', '=', anyOf(followees))
      .execute()
  ).map(row => row.followee_id);

export const followedByAny = async (
  db: Executor,
  people: readonly string[],
  followers: readonly string[],
): Promise<string[]> =>
  (
    await db
      .selectFrom('follows')
      .select('followee_id')
      .distinct()
      .where('followee_id', '=', anyOf(people))
      .where('follower_id', '=', anyOf(followers))
      .execute()
  ).map(row => row.followee_id);

export const findByHandle = (db: Executor, handle: string) =>
  db
    .selectFrom('accounts')
    .select(['id', 'bio', 'created_at'])
    .where('handle', '=', handle)
    .where('name', 'is not', null)
    .executeTakeFirst();

export const countFollows = async (db: Executor, account: string) =>
  db
    .selectNoFrom(eb => [
      eb
        .selectFrom('follows')
        .select(count => count.fn.countAll<number>().as('n'))
        .where('followee_id', '=', account)
        .as('followers'),
      eb
        .selectFrom('follows')
        .select(count => count.fn.countAll<number>().as('n'))
        .where('follower_id', '=', account)
        .as('following'),
    ])
    .executeTakeFirstOrThrow();

/** True where neither has blocked the other. */
const noBlockWith = (viewer: string, person: Expression<string>): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, never>();
  return eb.not(
    eb.exists(
      eb
        .selectFrom('blocks')
        .select('blocker_id')
        .where(block =>
          block.or([
            block.and([block('blocker_id', '=', viewer), block('blocked_id', '=', person)]),
            block.and([block('blocker_id', '=', person), block('blocked_id', '=', viewer)]),
          ]),
        ),
    ),
  );
};

/** Where a page ended. Microseconds since 1970, for PostgreSQL's instants are finer than a Date. */
export interface PageEnd {
  at: number;
  id: string;
}

/**
 * One side of an account's follows, newest first, without those with whom the viewer has a block. One row more than
 * `limit`, where there is one, tells that more follow.
 */
export function followPage(
  db: Executor,
  side: 'followers' | 'following',
  query: { viewer: string; account: string; after: PageEnd | null; limit: number },
): Promise<PageEnd[]> {
  const [whose, who] =
    side === 'followers'
      ? (['followee_id', 'follower_id'] as const)
      : (['follower_id', 'followee_id'] as const);
  const { after } = query;
  return db
    .selectFrom('follows')
    .select(`${who} as id`)
    .select(sql<number>`(extract(epoch from created_at) * 1000000)::bigint`.as('at'))
    .where(whose, '=', query.account)
    .where(eb => noBlockWith(query.viewer, eb.ref(who)))
    .$if(after !== null, rows =>
      rows.where(
        sql<SqlBool>`(created_at, ${sql.ref(who)}) < (timestamptz 'epoch' + ${after?.at}::bigint * interval '1 microsecond', ${after?.id}::uuid)`,
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy(who, 'desc')
    .limit(query.limit + 1)
    .execute();
}

/** Ids of people all of whose `words` begin a word of their handle or name: those the viewer follows first. */
export const search = async (
  db: Database,
  query: { viewer: string; words: readonly string[]; handle: string; limit: number },
): Promise<string[]> => {
  const pattern = query.words.map(word => `'${word}':*`).join(' & ');
  const rows = await db
    .selectFrom('accounts')
    .leftJoin('follows', join =>
      join.onRef('follows.followee_id', '=', 'accounts.id').on('follows.follower_id', '=', query.viewer),
    )
    .select('accounts.id')
    .where(sql<SqlBool>`accounts.search @@ ${pattern}::tsquery`)
    .where('accounts.handle', 'is not', null)
    .where('accounts.name', 'is not', null)
    .where('accounts.id', '<>', query.viewer)
    .where(eb => noBlockWith(query.viewer, eb.ref('accounts.id')))
    .orderBy(eb => eb('follows.follower_id', 'is', null))
    .orderBy(eb => eb('accounts.handle', '<>', query.handle))
    .orderBy('accounts.name')
    .orderBy('accounts.id')
    .limit(query.limit)
    .execute();
  return rows.map(row => row.id);
};

/** From how many of the newest accounts, and of those nearest in the graph, people to meet are picked. */
const NEWEST = 200;
const NEAREST = 200;

/** Ids of people whom the viewer does not follow: those whom most of the followed follow, then the newest. */
export const peopleToMeet = async (
  db: Database,
  query: { viewer: string; limit: number },
): Promise<string[]> => {
  const { viewer, limit } = query;
  const rows = await db
    .with('near', cte =>
      cte
        .selectFrom('follows as mine')
        .innerJoin('follows as theirs', 'theirs.follower_id', 'mine.followee_id')
        .select('theirs.followee_id as id')
        .select(eb => eb.fn.countAll<number>().as('mutual'))
        .where('mine.follower_id', '=', viewer)
        .groupBy('theirs.followee_id')
        .orderBy('mutual', 'desc')
        .limit(NEAREST),
    )
    .with('newest', cte =>
      cte
        .selectFrom('accounts')
        .select('id')
        .where('handle', 'is not', null)
        .where('name', 'is not', null)
        .orderBy('created_at', 'desc')
        .limit(NEWEST),
    )
    .selectFrom('accounts')
    .leftJoin('near', 'near.id', 'accounts.id')
    .select('accounts.id')
    .where(eb =>
      eb(
        'accounts.id',
        'in',
        eb.selectFrom('near').select('near.id').union(eb.selectFrom('newest').select('newest.id')),
      ),
    )
    .where('accounts.handle', 'is not', null)
    .where('accounts.name', 'is not', null)
    .where('accounts.id', '<>', viewer)
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('follows')
            .select('follower_id')
            .where('follower_id', '=', viewer)
            .whereRef('followee_id', '=', 'accounts.id'),
        ),
      ),
    )
    .where(eb => noBlockWith(viewer, eb.ref('accounts.id')))
    .orderBy(eb => eb.fn.coalesce('near.mutual', eb.lit(0)), 'desc')
    .orderBy('accounts.created_at', 'desc')
    .orderBy('accounts.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(row => row.id);
};
