import type { Relation } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import type { Work } from '../../platform/work.ts';
import { relationsTo } from './store.ts';

/** How the viewer stands to each of these. */
export async function relations(
  db: Executor,
  viewer: string,
  ids: readonly string[],
): Promise<Map<string, Relation>> {
  const { following, followsYou, blocked } = await relationsTo(db, viewer, ids);
  return new Map(
    ids.map(id => [
      id,
      { following: following.has(id), followsYou: followsYou.has(id), blocked: blocked.has(id) },
    ]),
  );
}

export async function relation(db: Executor, viewer: string, account: string): Promise<Relation> {
  const none: Relation = { following: false, followsYou: false, blocked: false };
  return (await relations(db, viewer, [account])).get(account) ?? none;
}

/** Tells all devices of `viewer` how they stand to `account` after this transaction. */
export async function emitRelation(work: Work, viewer: string, account: string): Promise<Relation> {
  const now = await relation(work.tx, viewer, account);
  work.emit({
    kind: 'frame',
    to: { accounts: [viewer] },
    frame: { type: 'relation', account, relation: now },
  });
  return now;
}
