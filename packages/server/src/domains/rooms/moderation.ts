import type { AccountId, Id, Person, RoomId } from '@sotto/protocol';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import { readRoom, takeRoom } from './access.ts';
import { change } from './change.ts';
import type { Context } from './context.ts';
import { liveRooms } from './hallway-store.ts';
import * as policy from './policy.ts';
import { inside, onStage, type Room } from './state.ts';
import * as store from './store.ts';
import { tellYou } from './tell.ts';
import { leave, remove } from './transitions.ts';
import { cardView } from './views.ts';

/* Who is kept out, let back in, called in, and parted by a block. */

interface About {
  room: RoomId;
  account: AccountId;
}

async function checkExists(context: Context, work: Work, account: AccountId): Promise<void> {
  if (!(await context.accounts.people([account], work.tx)).has(account)) throw refuse('not_found');
}

/** Removes and keeps out; also someone who left already, or never came. */
export const removePerson = (context: Context, viewer: AccountId, at: About): Promise<void> =>
  context.platform.transact(async work => {
    const before = await takeRoom(work.tx, at.room, viewer, [at.account]);
    policy.checkModerator(before, viewer);
    if (at.account === viewer) throw refuse('not_yourself');
    await checkExists(context, work, at.account);
    policy.checkOverrule(before, viewer, at.account);
    const now = context.platform.now();
    await store.keepOut(work.tx, at.room, at.account, viewer, now);
    work.afterCommit(() =>
      context.platform.log.info(
        { room: at.room, account: at.account, by: viewer },
        'person removed from room',
      ),
    );
    if (before.room.visibility === 'open')
      work.emit({
        kind: 'frame',
        to: { accounts: [at.account] },
        frame: { type: 'hallwayGone', room: at.room },
      });
    await change(context, work, before, remove(before, at.account, now), {
      hold: 'update',
      out: { reason: 'removed' },
    });
    await context.talk.onRoomRemoved(work, at.room, at.account);
  });

export const letBackIn = (context: Context, viewer: AccountId, at: About): Promise<void> =>
  context.platform.transact(async work => {
    policy.checkModerator(await takeRoom(work.tx, at.room, viewer), viewer);
    await store.letBackIn(work.tx, at.room, at.account);
  });

export async function listKeptOut(
  context: Context,
  viewer: AccountId,
  room: RoomId,
): Promise<{ keptOut: Person[]; left: Person[] }> {
  const { db } = context.platform;
  policy.checkModerator(await readRoom(db, room, viewer), viewer);
  const out = await store.outOf(db, room);
  const people = await context.accounts.people([...out.keptOut, ...out.left], db);
  const named = (ids: readonly AccountId[]) => ids.flatMap(id => people.get(id) ?? []);
  return { keptOut: named(out.keptOut), left: named(out.left) };
}

/**
 * Calls a follower in. Whether they blocked somebody here, or were removed, is not told: they are just not reachable.
 * Calling again within a minute is calling once.
 */
export const pingPerson = (context: Context, viewer: AccountId, at: About): Promise<void> =>
  context.platform.transact(async work => {
    const { tx } = work;
    const state = await takeRoom(tx, at.room, viewer, [at.account]);
    await checkExists(context, work, at.account);
    const follows = await context.graph.follows(at.account, [viewer], tx);
    const passes = await store.passesOf(tx, at.room, at.account);
    const silent = (await context.graph.blockedWith(at.account, tx)).has(viewer);
    if (!follows.has(viewer) || passes.keptOut || passes.blocked || silent) throw refuse('not_reachable');
    if (inside(state.people.get(at.account))) return;
    const now = context.platform.now();
    const ping = { room_id: at.room, account_id: at.account, by_id: viewer, created_at: now };
    const lately = new Date(now.getTime() - policy.PING_AGAIN_SECONDS * 1000);
    if (!(await store.addPing(tx, ping, lately))) return;
    await call(context, work, state.room, viewer, [at.account]);
  });

/** Rings at these people. */
async function call(
  context: Context,
  work: Work,
  room: Room,
  by: AccountId,
  accounts: readonly AccountId[],
): Promise<void> {
  const [live] = await liveRooms(work.tx, [room]);
  if (!live) return;
  const people = await context.accounts.people([by, ...live.stage.map(member => member.account_id)], work.tx);
  work.emit({
    kind: 'frame',
    to: { accounts },
    frame: { type: 'ping', by, byName: people.get(by)?.name ?? '', card: cardView(live, people, null) },
  });
}

/** The people of a conversation are let into the room that its opener started from there, and called (BC-4). */
export async function callConversation(
  context: Context,
  work: Work,
  room: Room,
  by: AccountId,
  conversation: Id,
): Promise<void> {
  const others = await context.talk.othersIn(work, by, conversation);
  if (others.length === 0) return;
  const accounts = others.map(other => other.account);
  await store.addPings(work.tx, room.id, accounts, by, context.platform.now());
  const called = others.filter(other => !other.quiet).map(other => other.account);
  if (called.length > 0) await call(context, work, room, by, called);
}

/**
 * A block parts two people who are in one room while one of them is on its stage (PE-5); `policy.whoGoes` says who has
 * to go. The other's hallway loses the room at once, wherever they are.
 */
export async function onBlock(
  context: Context,
  work: Work,
  blocker: AccountId,
  blocked: AccountId,
): Promise<void> {
  const { tx } = work;
  const places = [await store.whereIs(tx, blocker), await store.whereIs(tx, blocked)];
  // Held whatever their roles, for a listener may be going onto the stage just now; in the order of ids, as everywhere.
  const ids = [...new Set(places.flatMap(place => place?.room_id ?? []))].sort();
  for (const id of ids) {
    const room = await store.holdRoom(tx, id, 'update');
    if (!room || room.ended_at) continue;
    const before = await store.stateOf(tx, room, [blocker, blocked]);
    const unseeing = [
      ...(onStage(before.people.get(blocker)) ? [blocked] : []),
      ...(onStage(before.people.get(blocked)) ? [blocker] : []),
    ];
    if (room.visibility === 'open' && unseeing.length > 0)
      work.emit({ kind: 'frame', to: { accounts: unseeing }, frame: { type: 'hallwayGone', room: id } });
    const goes = policy.whoGoes(before, blocker, blocked);
    if (!goes) continue;
    const after = leave(before, goes, context.platform.now());
    // For who goes the room is over; that there is a block is told to nobody.
    await change(context, work, before, after, { hold: 'update', out: { reason: 'ended' } });
  }
}

/** Following changes who may raise a hand where the mode is `followed` (RO-4), and who is shown first. */
export async function onFollow(
  context: Context,
  work: Work,
  follower: AccountId,
  followee: AccountId,
): Promise<void> {
  const is = await store.whereIs(work.tx, follower);
  if (!is || is.role === 'listener') return;
  work.afterCommit(() => context.pulse.audience(is.room_id));
  const room = await store.findRoom(work.tx, is.room_id);
  if (room?.hands !== 'followed') return;
  const member = await store.findMember(work.tx, is.room_id, followee);
  if (!inside(member)) return;
  const held = await store.holdRoom(work.tx, room.id, 'update');
  if (!held || held.ended_at) return;
  await tellYou(context, work, await store.stateOf(work.tx, held, [followee]), [followee]);
}
