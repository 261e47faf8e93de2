import type { AccountId, RoomId } from '@sotto/protocol';
import type { Work } from '../../../platform/work.ts';
import { appendEvent } from '../fanout.ts';
import { getConversation, type InboxDeps } from '../inbox.ts';
import * as store from './store.ts';

/*
 * Who belongs to the two talks of a room (BC-3), kept in the transaction in which the room changes: who leaves the stage
 * has lost its talk when that is committed, on every node, whatever the bus does.
 */

/** What became of a room. */
export interface RoomChange {
  room: RoomId;
  entered: readonly AccountId[];
  left: readonly AccountId[];
  stageEntered: readonly AccountId[];
  stageLeft: readonly AccountId[];
  /** Who of them, and of those who stay, moderates from now on, and who does no more. */
  promoted: readonly AccountId[];
  demoted: readonly AccountId[];
  ended: boolean;
}

export const onRoomOpened = (work: Work, room: RoomId): Promise<void> => store.insertTalks(work.tx, room);

export async function onRoomChanged(work: Work, deps: InboxDeps, change: RoomChange): Promise<void> {
  const { tx } = work;
  const { room, entered, left, stageEntered, stageLeft, promoted, demoted } = change;
  if (change.ended) return freeze(work, deps, room);
  const now = deps.now();
  // Held before memberships are touched: who writes takes them in that order too, and two must never wait for each other.
  // One listener who comes or goes touches one row alone, and waits for nobody.
  const quiet = [...stageEntered, ...stageLeft, ...promoted, ...demoted].length === 0 && left.length <= 1;
  const talks = quiet ? [] : await store.holdTalks(tx, room);
  const stage = talks.find(each => each.kind === 'stage');

  if (stageLeft.length > 0) tellGone(work, await store.leaveTalks(tx, room, ['stage'], stageLeft, now));
  if (left.length > 0) tellGone(work, await store.leaveTalks(tx, room, ['room', 'stage'], left, now));
  if (entered.length > 0) await store.enterRoomTalk(tx, room, entered, promoted, now);
  if (stage && stageEntered.length > 0) await store.enterStageTalk(tx, stage, stageEntered, promoted, now);
  if (promoted.length > 0) await store.setTalkRoles(tx, room, 'admin', promoted);
  if (demoted.length > 0) await store.setTalkRoles(tx, room, 'member', demoted);
  const here = new Set([...stageEntered, ...promoted, ...demoted].filter(account => !left.includes(account)));
  for (const account of here) await tellTalks(work, deps, room, account);
}

/** A moderator removed someone: here, or gone already. */
export async function onRoomRemoved(work: Work, room: RoomId, account: AccountId): Promise<void> {
  await store.holdTalks(work.tx, room);
  await store.removeFromTalks(work.tx, room, account);
}

async function freeze(work: Work, deps: InboxDeps, room: RoomId): Promise<void> {
  const talks = await store.holdTalks(work.tx, room);
  for (const { id, kind } of talks)
    await appendEvent(work, deps, { id, kind, room }, { kind: 'frozen', by: null, extra: {} });
  await store.freezeTalks(work.tx, room, deps.now());
}

function tellGone(work: Work, gone: readonly { conversation: string; account: AccountId }[]): void {
  for (const [conversation, rows] of Map.groupBy(gone, each => each.conversation))
    work.emit({
      kind: 'frame',
      to: { accounts: rows.map(row => row.account) },
      frame: { type: 'conversationGone', conversation },
    });
}

async function tellTalks(work: Work, deps: InboxDeps, room: RoomId, account: AccountId): Promise<void> {
  for (const { id, state } of await store.talksOf(work.tx, room, account)) {
    if (state !== 'active') continue;
    const conversation = await getConversation({ ...deps, db: work.tx }, account, id);
    work.emit({ kind: 'frame', to: { accounts: [account] }, frame: { type: 'conversation', conversation } });
  }
}
