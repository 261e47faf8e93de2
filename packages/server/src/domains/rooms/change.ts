import type { AccountId } from '@sotto/protocol';
import type { Work } from '../../platform/work.ts';
import { bumps, type Changes, changesOf, type Followed } from './changes.ts';
import type { Context } from './context.ts';
import {
  inside,
  type Member,
  moderates,
  type Room,
  type RoomState,
  stageIds,
  withMembers,
  withRoom,
} from './state.ts';
import * as store from './store.ts';
import { type Out, tell } from './tell.ts';
import { end, leave, watchModeration } from './transitions.ts';

/** A change under `share` turned out to need the room alone: take it again with `update`. */
export class HoldTooWeak extends Error {}

/**
 * Makes the room what an action says: puts the consequences in (blocks, the clock of RO-5, an empty room), writes
 * what is different, and tells everyone exactly that. Every action of a room goes through here, so that an old snapshot
 * plus the frames is a fresh one (RO-15).
 * @returns the state as written
 */
export async function change(
  context: Context,
  work: Work,
  before: RoomState,
  proposed: RoomState,
  how: { hold: store.Hold; out: Out } = { hold: 'update', out: { reason: 'left' } },
): Promise<RoomState> {
  const now = context.platform.now();
  const { tx } = work;
  const unwelcome = await putOutBlocked(context, work, before, proposed, now);
  const settled = await settle(work, before, unwelcome.after, now);
  const { changes, wide } = await compare(context, work, unwelcome.before, settled);
  const bump = bumps(changes) || settled.room.ended_at !== null;
  if (how.hold === 'share' && (bump || !sameRoom(before.room, settled.room))) throw new HoldTooWeak();
  const after = bump ? withRoom(wide.after, { version: before.room.version + 1 }) : wide.after;

  await saveRoomChanges(work, before.room, after.room);
  let out = changes.out;
  if (after.room.ended_at) out = await store.leaveAll(tx, after.room.id, now);
  else await savePeople(work, wide.before, after);
  const told = { after, changes: { ...changes, out }, bump };
  // First: what is still to be heard in the room is, before those who go do not hear it any more.
  await tellTalk(context, work, told);
  await tell(context, work, told, account => {
    if (unwelcome.victims.has(account)) return { reason: 'ended' };
    const wentFirst = !inside(proposed.people.get(account)) && proposed.room.ended_at === null;
    const ended = after.room.ended_at !== null && !(wentFirst && proposed.people.has(account));
    return ended ? { reason: 'ended' } : how.out;
  });
  return after;
}

/** Its written side follows (BC-3); nothing is asked of it where nobody moved. */
async function tellTalk(context: Context, work: Work, told: { after: RoomState; changes: Changes }) {
  const { room, people } = told.after;
  const { entered, out: left, stageAdded: stageEntered, stageGone: stageLeft } = told.changes;
  const came = [...new Set([...entered, ...stageEntered])].filter(account => moderates(people.get(account)));
  const promoted = [...new Set([...told.changes.promoted, ...came])];
  const { demoted } = told.changes;
  const ended = room.ended_at !== null;
  const moved = [entered, left, stageEntered, stageLeft, promoted, demoted].some(each => each.length > 0);
  if (moved || ended)
    await context.talk.onRoomChanged(work, {
      room: room.id,
      entered,
      left,
      stageEntered,
      stageLeft,
      promoted,
      demoted,
      ended,
    });
}

const sameRoom = (a: Room, b: Room): boolean => Object.keys(changedColumns(a, b)).length === 0;

/** Listeners who share a block with someone who comes onto the stage cannot stay while they are there (PE-5). */
async function putOutBlocked(context: Context, work: Work, before: RoomState, after: RoomState, now: Date) {
  const stage = new Set(stageIds(before));
  const added = stageIds(after).filter(account => !stage.has(account));
  const blocked = new Set<AccountId>();
  for (const account of added)
    for (const other of await context.graph.blockedWith(account, work.tx)) blocked.add(other);
  if (blocked.size === 0) return { before, after, victims: blocked };

  if (after.room.visibility === 'open' && !after.room.ended_at)
    work.emit({
      kind: 'frame',
      to: { accounts: [...blocked] },
      frame: { type: 'hallwayGone', room: after.room.id },
    });
  const rows = await store.membersAmong(work.tx, after.room.id, [...blocked]);
  const victims = rows.filter(row => (after.people.get(row.account_id) ?? row).role === 'listener');
  const unknown = victims.filter(row => !before.people.has(row.account_id));
  return {
    before: withMembers(before, unknown),
    after: victims.reduce((state, row) => leave(state, row.account_id, now), withMembers(after, unknown)),
    victims: new Set(victims.map(row => row.account_id)),
  };
}

/** What follows by itself: the clock of a room without moderators, and the end of an empty one. */
async function settle(work: Work, before: RoomState, after: RoomState, now: Date): Promise<RoomState> {
  if (after.room.ended_at) return after;
  const watched = watchModeration(after, now);
  const members = [...watched.people.values()];
  if (members.some(inside)) return watched;
  const left = members.map(member => member.account_id);
  const someoneLeft = members.some(member => inside(before.people.get(member.account_id)));
  if (!someoneLeft || (await store.anyoneInside(work.tx, after.room.id, left))) return watched;
  return end(watched, 'gone', now);
}

async function compare(
  context: Context,
  work: Work,
  before: RoomState,
  after: RoomState,
): Promise<{ changes: Changes; wide: { before: RoomState; after: RoomState } }> {
  if (after.room.ended_at) {
    const nobody = { before: new Set<AccountId>(), after: new Set<AccountId>() };
    return { changes: changesOf(before, after, nobody), wide: { before, after } };
  }
  const stageMoved = stageIds(before).join() !== stageIds(after).join();
  const rule = (room: Room): string => `${room.hands} ${room.stage_locked}`;
  const everyone = rule(before.room) !== rule(after.room) || (after.room.hands === 'followed' && stageMoved);
  // Rare, and the one place that reads the whole audience: who may raise a hand is different for each of them.
  const listeners: Member[] = everyone
    ? (await store.listenersInside(work.tx, after.room.id)).filter(row => !before.people.has(row.account_id))
    : [];
  const wide = { before: withMembers(before, listeners), after: withMembers(after, listeners) };
  const changes = changesOf(wide.before, wide.after, {
    before: await followedBy(context, work, wide.before),
    after: await followedBy(context, work, wide.after),
  });
  return { changes, wide };
}

const followedBy = async (context: Context, work: Work, state: RoomState): Promise<Followed> =>
  state.room.hands === 'followed'
    ? context.graph.followedByAny([...state.people.keys()], stageIds(state), work.tx)
    : new Set();

function changedColumns<T extends object>(before: T, after: T): Partial<T> {
  const same = (a: unknown, b: unknown) =>
    a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime());
  const keys = Object.keys(after) as (keyof T)[];
  return Object.fromEntries(
    keys.filter(key => !same(before[key], after[key])).map(key => [key, after[key]]),
  ) as Partial<T>;
}

async function saveRoomChanges({ tx }: Work, before: Room, after: Room): Promise<void> {
  const columns = changedColumns(before, after);
  if (Object.keys(columns).length > 0) await store.saveRoom(tx, after.id, columns);
}

/** Only the columns that changed: what a socket writes beside this, its connection, is not undone. */
async function savePeople({ tx }: Work, before: RoomState, after: RoomState): Promise<void> {
  const same = new Map<string, { columns: Partial<Member>; accounts: AccountId[] }>();
  for (const [account, member] of after.people) {
    const was = before.people.get(account);
    if (!was || (!inside(was) && inside(member))) {
      await store.putMember(tx, member);
      continue;
    }
    const columns = changedColumns(was, member);
    if (Object.keys(columns).length === 0) continue;
    const key = JSON.stringify(columns);
    const group = same.get(key) ?? { columns, accounts: [] };
    group.accounts.push(account);
    same.set(key, group);
  }
  for (const { columns, accounts } of same.values())
    await store.saveMembers(tx, after.room.id, accounts, columns);
}
