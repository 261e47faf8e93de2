import type { AccountId, CallParsed, Calls, Conversation, RoomId } from '@sotto/protocol';
import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import type { Work } from '../../../platform/work.ts';
import { memberOf } from '../access.ts';
import { appendEvent } from '../fanout.ts';
import { getConversation, type InboxDeps } from '../inbox.ts';
import type { Standing } from '../rows.ts';
import * as store from './store.ts';

/** The talks of a room that the account is in, or was in when it ended (BC-3). */
export async function getTalk(
  deps: InboxDeps,
  account: AccountId,
  room: RoomId,
): Promise<{ room: Conversation; stage: Conversation | null }> {
  const talks = await store.talksOf(deps.db, room, account);
  const all = talks.find(talk => talk.kind === 'room');
  if (all?.state === 'left') throw refuse('not_in_room');
  if (all?.state !== 'active') throw refuse('not_found');
  const stage = talks.find(talk => talk.kind === 'stage' && talk.state === 'active');
  return {
    room: await getConversation(deps, account, all.id),
    stage: stage ? await getConversation(deps, account, stage.id) : null,
  };
}

type Wish = CallParsed<Calls['PATCH /v1/conversations/:conversation/talk']>['body'];

/** What moderates a talk: in it, as one who moderates its room. Held until the transaction ends. */
async function takeTalk(work: Work, account: AccountId, conversation: string): Promise<Standing> {
  const standing = await memberOf(work.tx, account, conversation, { lock: true });
  if (standing.kind !== 'room' && standing.kind !== 'stage') throw refuse('not_found');
  if (standing.role === 'member') throw refuse('moderators_only');
  return standing;
}

/** On or off, and how slow. Nothing new is nothing told. */
export async function changeTalk(
  platform: Platform,
  deps: InboxDeps,
  account: AccountId,
  conversation: string,
  wish: Wish,
): Promise<Conversation> {
  await platform.transact(async work => {
    const talk = await takeTalk(work, account, conversation);
    if (talk.frozenAt) throw refuse('frozen');
    const is = await store.readTalk(work.tx, conversation);
    const becomes = { on: wish.on ?? is.on, slowSeconds: wish.slowSeconds ?? is.slowSeconds };
    if (becomes.on === is.on && becomes.slowSeconds === is.slowSeconds) return;
    await store.saveTalk(work.tx, conversation, becomes);
    await appendEvent(work, deps, talk, { kind: 'talk', by: account, extra: becomes });
  });
  return getConversation(deps, account, conversation);
}

/** Pins a message of the talk on top, in place of another; null takes it down. */
export async function pinMessage(
  platform: Platform,
  deps: InboxDeps,
  account: AccountId,
  conversation: string,
  seq: number | null,
): Promise<Conversation> {
  await platform.transact(async work => {
    const talk = await takeTalk(work, account, conversation);
    if (talk.frozenAt) throw refuse('frozen');
    if (seq !== null) {
      const message = seq < talk.firstSeq ? undefined : await store.findMessage(work.tx, conversation, seq);
      if (!message || message.hidden) throw refuse('not_found');
    }
    if ((await store.readTalk(work.tx, conversation)).pinnedSeq === seq) return;
    await store.savePin(work.tx, conversation, seq);
    await appendEvent(work, deps, talk, { kind: 'pin', by: account, of: seq, extra: {} });
  });
  return getConversation(deps, account, conversation);
}

/** A moderator of the room takes a message out of view, also after the room ended. */
export async function hideAsModerator(
  platform: Platform,
  deps: InboxDeps,
  account: AccountId,
  conversation: string,
  seq: number,
): Promise<void> {
  await platform.transact(async work => {
    const talk = await takeTalk(work, account, conversation);
    if (seq < talk.firstSeq) throw refuse('not_found');
    await hideMessage(work, deps, talk, seq, account);
  });
}

/**
 * Takes a message out of view, with a trace (BC-3, BC-6): its text, files and card are in no answer any more; its row
 * stays as evidence. Twice is once.
 * @param by null: the operator's moderators
 * @throws Refusal `not_found` where there is no such message
 */
export async function hideMessage(
  work: Work,
  deps: InboxDeps,
  place: Pick<Standing, 'id' | 'kind' | 'room'>,
  seq: number,
  by: AccountId | null,
): Promise<void> {
  if (!(await store.findMessage(work.tx, place.id, seq))) throw refuse('not_found');
  if (!(await store.hideRow(work.tx, place.id, seq, by, deps.now()))) return;
  await appendEvent(work, deps, place, { kind: 'hidden', by, of: seq, extra: {} });
}
