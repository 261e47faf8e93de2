import type { AccountId, Audience, RoomSnapshot } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { readRoom } from './access.ts';
import { sampleOf } from './audience-store.ts';
import type { Context } from './context.ts';
import { checkInside } from './policy.ts';
import { moderates, queueOf, type RoomState, stageIds } from './state.ts';
import { audienceView, handsView, infoOf, placesOf, stageView, youView } from './views.ts';

/** All of a room for one who is in it (RO-15), from a state read in the same transaction: at most three queries more. */
export async function snapshotOf(
  { accounts, audio, graph }: Context,
  db: Executor,
  state: RoomState,
  account: AccountId,
  lately?: Audience,
): Promise<RoomSnapshot> {
  const { room } = state;
  const me = checkInside(state, account);
  const queue = moderates(me) ? queueOf(state) : [];
  const audience = lately ? null : await sampleOf(db, room.id);
  const people = await accounts.people(
    [
      ...stageIds(state),
      ...queue.map(member => member.account_id),
      ...(audience?.sample.map(row => row.account_id) ?? []),
      ...(me.invited_by ? [me.invited_by] : []),
    ],
    db,
  );
  const followed =
    room.hands === 'followed' && (await graph.followedByAny([account], stageIds(state), db)).has(account);
  return {
    version: room.version,
    info: infoOf(room),
    stage: stageView(state, people, audio.csrcOf),
    handCount: queueOf(state).length,
    hands: moderates(me) ? handsView(state, people) : [],
    audience: lately ?? audienceView(audience ?? { count: 0, sample: [] }, people),
    you: youView(state, me, { people, place: placesOf(state).get(account), followed }),
    ...audio.snapshot(room.id),
  };
}

/** The same, read by itself: one moment of the database, so that all parts are of one version. */
export const freshSnapshot = (context: Context, room: string, account: AccountId): Promise<RoomSnapshot> =>
  context.platform.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async tx => snapshotOf(context, tx, await readRoom(tx, room, account), account));
