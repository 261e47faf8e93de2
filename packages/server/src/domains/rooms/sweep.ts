import type { AccountId, RoomId } from '@sotto/protocol';
import { change } from './change.ts';
import type { Context } from './context.ts';
import { RECONNECT_SECONDS, UNMODERATED_SECONDS } from './policy.ts';
import * as presence from './presence-store.ts';
import { inside, type Member } from './state.ts';
import * as store from './store.ts';
import { leave, passOn, rightsOf, setConnected } from './transitions.ts';

/*
 * What time does to rooms (RO-5). Any node may sweep any room, at any moment: each step takes the room if nobody else
 * has it, looks again, and acts. Presence heals by itself: a node whose socket belongs to someone noted as gone says so.
 */

const before = (now: Date, seconds: number): Date => new Date(now.getTime() - seconds * 1000);

/** A device's last socket closed, or its first opened. */
export async function noteConnection(
  context: Context,
  account: AccountId,
  device: string,
  connected: boolean,
): Promise<void> {
  const { db } = context.platform;
  const is = await store.whereIs(db, account);
  if (!is || is.device !== device || (is.disconnected_at === null) === connected) return;
  const since = connected ? null : context.platform.now();
  const quick = is.role === 'listener' && (await presence.setListenerConnected(db, account, device, since));
  if (!quick) await noteOnStage(context, is, device, connected, since);
  // A socket that closed meanwhile found nothing to note.
  if (connected) await noteIfGone(context, account, device);
}

/** For who was noted as connected while the last socket of the device closed: without this, for ever. */
export async function noteIfGone(context: Context, account: AccountId, device: string): Promise<void> {
  if (!context.presence.holds(account, device)) await noteConnection(context, account, device, false);
}

const noteOnStage = (
  context: Context,
  is: Member,
  device: string,
  connected: boolean,
  since: Date | null,
): Promise<void> =>
  context.platform.transact(async work => {
    const account = is.account_id;
    const room = await store.holdRoom(work.tx, is.room_id, 'update');
    if (!room || room.ended_at) return;
    const state = await store.stateOf(work.tx, room, [account]);
    const me = state.people.get(account);
    if (!inside(me) || me.device !== device || (me.disconnected_at === null) === connected) return;
    await change(context, work, state, setConnected(state, account, since));
  });

export async function sweep(context: Context): Promise<void> {
  const { db } = context.platform;
  const now = context.platform.now();
  const away = await presence.disconnected(db);
  const here = away.filter(each => context.presence.holds(each.account, each.device));
  for (const { account, device } of here) await noteConnection(context, account, device, true);

  const due = before(now, RECONNECT_SECONDS);
  const back = new Set(here);
  const late = away.filter(each => !back.has(each) && each.since <= due);
  for (const [room, people] of Map.groupBy(late, each => each.room))
    await putOutLate(
      context,
      room,
      people.map(each => each.account),
      due,
    );

  for (const room of await presence.unmoderatedSince(db, before(now, UNMODERATED_SECONDS)))
    await passRoomOn(context, room);
}

const putOutLate = (context: Context, id: RoomId, accounts: readonly AccountId[], due: Date): Promise<void> =>
  context.platform.transact(async work => {
    const room = await store.holdRoomIfFree(work.tx, id);
    if (!room) return;
    const state = await store.stateOf(work.tx, room, accounts);
    const now = context.platform.now();
    const after = accounts
      .filter(account => {
        const member = state.people.get(account);
        return inside(member) && member.disconnected_at !== null && member.disconnected_at <= due;
      })
      .reduce((each, account) => leave(each, account, now), state);
    await change(context, work, state, after);
  });

/** Whoever is inside by a session that is over goes, audio and all (RT-9). */
export async function putOutSignedOut(context: Context): Promise<void> {
  const gone = await presence.signedOut(context.platform.db);
  for (const [id, people] of Map.groupBy(gone, each => each.room))
    await context.platform.transact(async work => {
      const room = await store.holdRoom(work.tx, id, 'update');
      if (!room || room.ended_at) return;
      const state = await store.stateOf(
        work.tx,
        room,
        people.map(each => each.account),
      );
      const now = context.platform.now();
      const after = people
        .filter(({ account }) => state.people.get(account)?.session_id === null)
        .reduce((each, { account }) => leave(each, account, now), state);
      await change(context, work, state, after);
    });
}

const passRoomOn = (context: Context, id: RoomId): Promise<void> =>
  context.platform.transact(async work => {
    const room = await store.holdRoomIfFree(work.tx, id);
    const now = context.platform.now();
    if (!room?.unmoderated_since || room.unmoderated_since > before(now, UNMODERATED_SECONDS)) return;
    const state = await store.stateOf(work.tx, room);
    await change(context, work, state, passOn(state, now));
  });

/**
 * The audio of this node beside the database, in case a word was lost on the way (RT-9). Each room is held meanwhile:
 * what was read must not undo a change that was made since. @param only of one room
 */
export async function recheckAudio(context: Context, only?: RoomId): Promise<void> {
  const { platform, audio } = context;
  const here = audio.participants().filter(each => only === undefined || each.room === only);
  for (const [room, heard] of Map.groupBy(here, each => each.room))
    await platform.transact(async ({ tx }) => {
      await store.holdRoom(tx, room, 'share');
      const rows = await store.membersAmong(
        tx,
        room,
        heard.map(each => each.account),
      );
      const members = new Map(rows.map(row => [row.account_id, row]));
      for (const { account } of heard) {
        const member = members.get(account);
        if (member) audio.permit(room, account, rightsOf(member));
        else audio.closePerson(room, account, 'left');
      }
    });
}
