import type { AccountId, Profile, RoomCard, RoomId } from '@sotto/protocol';
import { Refusal, refuse } from '../../platform/refusal.ts';
import { checkDoor, opens } from './access.ts';
import type { Context } from './context.ts';
import { followedInside, type LiveRoom, liveRooms, openRoomsFor } from './hallway-store.ts';
import { inside, onStage } from './state.ts';
import * as store from './store.ts';
import { cardView, type People } from './views.ts';

/** Names said on a card; the others are counted. */
const NAMED = 2;

interface Known {
  account: AccountId;
  stage: boolean;
}

const whyOf = (known: readonly Known[], people: People): NonNullable<RoomCard['why']> => {
  const names = known.flatMap(each => people.get(each.account)?.name ?? []);
  return { followed: names.slice(0, NAMED), others: Math.max(0, names.length - NAMED) };
};

/** Best first: people you follow on stage, then in the audience, then how many are there, then the newest (PE-7). */
const ranked = (rooms: readonly LiveRoom[], knownIn: ReadonlyMap<RoomId, readonly Known[]>): LiveRoom[] => {
  const rank = ({ room, count }: LiveRoom): readonly [number, number, number, number] => {
    const known = knownIn.get(room.id) ?? [];
    const stage = known.filter(each => each.stage).length;
    return [stage, known.length - stage, count, room.started_at.getTime()];
  };
  return rooms
    .map(live => ({ live, rank: rank(live) }))
    .sort(
      (a, b) =>
        b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1] || b.rank[2] - a.rank[2] || b.rank[3] - a.rank[3],
    )
    .map(each => each.live);
};

/** The hallway: open rooms that are live for the viewer. Five queries, however many there are. */
export async function listRooms(context: Context, viewer: AccountId): Promise<RoomCard[]> {
  const { db } = context.platform;
  const live = await liveRooms(db, await openRoomsFor(db, viewer));
  const known = await followedInside(
    db,
    viewer,
    live.map(each => each.room.id),
  );
  const people = await context.accounts.people([
    ...live.flatMap(each => each.stage.map(member => member.account_id)),
    ...known.map(row => row.account_id),
  ]);
  const knownIn = Map.groupBy(
    known.map(row => ({ room: row.room_id, account: row.account_id, stage: row.stage })),
    row => row.room,
  );
  return ranked(live, knownIn).map(each =>
    cardView(each, people, whyOf(knownIn.get(each.room.id) ?? [], people)),
  );
}

/** What a link shows before one enters. */
export async function roomDoor(
  context: Context,
  viewer: AccountId,
  id: RoomId,
  key: string | undefined,
): Promise<{ card: RoomCard; inside: boolean }> {
  const { db } = context.platform;
  const room = await store.findRoom(db, id);
  if (!room) throw refuse('not_found');
  const isInside = inside(await store.findMember(db, id, viewer));
  if (!isInside || room.ended_at) await checkDoor(db, room, viewer, key);
  const [live] = await liveRooms(db, [room]);
  if (!live) throw refuse('not_found');
  const known = await followedInside(db, viewer, [id]);
  const people = await context.accounts.people([
    ...live.stage.map(member => member.account_id),
    ...known.map(row => row.account_id),
  ]);
  const why = whyOf(
    known.map(row => ({ account: row.account_id, stage: row.stage })),
    people,
  );
  return { card: cardView(live, people, why), inside: isInside };
}

/** Whether the account may hand the room on to others. Whoever has its key could enter with it. */
export async function mayShow(
  context: Context,
  account: AccountId,
  id: RoomId,
  key: string | undefined,
): Promise<boolean> {
  const { db } = context.platform;
  const room = await store.findRoom(db, id);
  if (!room || room.ended_at || (key !== undefined && !opens(room, key))) return false;
  if (inside(await store.findMember(db, id, account))) return true;
  return checkDoor(db, room, account, key).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false;
      throw error;
    },
  );
}

/** The room someone can be found in, if the viewer may enter it. */
export async function roomOf(
  context: Context,
  viewer: AccountId,
  account: AccountId,
): Promise<Profile['room']> {
  const { db } = context.platform;
  const is = await store.whereIs(db, account);
  const room = is && (await store.findRoom(db, is.room_id));
  if (!is || !room || room.ended_at) return null;
  if (!inside(await store.findMember(db, room.id, viewer))) {
    const passes = await store.passesOf(db, room.id, viewer);
    const invited = room.visibility === 'open' || passes.pinged;
    if (!invited || passes.keptOut || passes.blocked) return null;
  }
  return { id: room.id, title: room.title, onStage: onStage(is) };
}
