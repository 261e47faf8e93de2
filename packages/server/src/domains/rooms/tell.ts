import type { AccountId, Person, ServerFrame } from '@sotto/protocol';
import type { Work } from '../../platform/work.ts';
import type { Changes } from './changes.ts';
import type { Context } from './context.ts';
import type { AudioCloseReason } from './ports.ts';
import { moderatorsOf, queueOf, type RoomState, stageIds } from './state.ts';
import { rightsOf } from './transitions.ts';
import { handsView, infoOf, placesOf, stageView, youView } from './views.ts';

/** Why people are out by a change; `device` with `moved`. */
export interface Out {
  reason: Extract<ServerFrame, { type: 'roomOut' }>['reason'];
  device?: string;
}

const audioReasons: Record<Out['reason'], AudioCloseReason> = {
  left: 'left',
  removed: 'kicked',
  moved: 'moved',
  ended: 'room_ended',
  gone: 'room_ended',
};

interface Told {
  after: RoomState;
  changes: Changes;
  bump: boolean;
}

/** Turns the differences into frames, for after the commit, and into the audio's rights, at the commit. */
export async function tell(
  context: Context,
  work: Work,
  told: Told,
  outOf: (account: AccountId) => Out,
): Promise<void> {
  tellOut(context, work, told, outOf);
  if (told.after.room.ended_at) return;
  for (const account of told.changes.entered)
    work.emit({ kind: 'listen', account, channel: `room:${told.after.room.id}` });
  allow(context, work, told);
  if (told.bump) await tellParts(context, work, told);
  else if (told.changes.you.length > 0) throw new Error('tell: somebody has news without a version');
  tellLater(context, work, told);
}

function tellOut(
  context: Context,
  work: Work,
  { after, changes }: Told,
  outOf: (account: AccountId) => Out,
): void {
  const { id, visibility, ended_at } = after.room;
  // People who go for one reason hear one frame, which is encoded once (RT-11).
  const groups = Map.groupBy(changes.out, account => JSON.stringify(outOf(account)));
  for (const [key, accounts] of groups) {
    const { reason, device = null } = JSON.parse(key) as Out;
    work.emit({ kind: 'frame', to: { accounts }, frame: { type: 'roomOut', room: id, reason, device } });
    for (const account of accounts) work.emit({ kind: 'unlisten', account, channel: `room:${id}` });
    if (!ended_at)
      work.afterCommit(() => {
        for (const account of accounts) context.audio.closePerson(id, account, audioReasons[reason]);
      });
  }
  if (!ended_at) return;
  work.afterCommit(() => {
    context.audio.closeRoom(id, 'room_ended');
    context.platform.log.info({ room: id, reason: after.room.end_reason }, 'room ended');
  });
  if (visibility === 'open')
    work.emit({ kind: 'frame', to: { channel: 'hallway' }, frame: { type: 'hallwayGone', room: id } });
}

function allow(context: Context, work: Work, { after, changes }: Told): void {
  work.afterCommit(() => {
    for (const account of changes.rights)
      context.audio.permit(after.room.id, account, rightsOf(after.people.get(account)));
  });
}

async function tellParts(context: Context, work: Work, { after, changes }: Told): Promise<void> {
  const { id: room, version } = after.room;
  const people = await context.accounts.people(
    [
      ...(changes.stage ? stageIds(after) : []),
      ...(changes.hands || changes.promoted.length > 0
        ? queueOf(after).map(member => member.account_id)
        : []),
    ],
    work.tx,
  );
  const frame: ServerFrame = {
    type: 'room',
    room,
    version,
    ...(changes.info && { info: infoOf(after.room) }),
    ...(changes.stage && { stage: stageView(after, people, context.audio.csrcOf) }),
    ...(changes.handCount && { handCount: queueOf(after).length }),
  };
  work.emit({ kind: 'frame', to: { channel: `room:${room}` }, frame });
  const readers = changes.hands ? moderatorsOf(after).map(member => member.account_id) : changes.promoted;
  if (readers.length > 0)
    work.emit({
      kind: 'frame',
      to: { accounts: readers },
      frame: { type: 'roomHands', room, version, hands: handsView(after, people) },
    });
  if (changes.demoted.length > 0)
    work.emit({
      kind: 'frame',
      to: { accounts: changes.demoted },
      frame: { type: 'roomHands', room, version, hands: [] },
    });
  if (changes.you.length > 0) await tellYou(context, work, after, changes.you);
}

/** Each of these people, what concerns them alone. */
export async function tellYou(
  context: Context,
  work: Work,
  state: RoomState,
  accounts: readonly AccountId[],
): Promise<void> {
  const { id: room, version, hands } = state.room;
  const members = accounts.flatMap(account => state.people.get(account) ?? []);
  const inviters = new Set(members.flatMap(member => member.invited_by ?? []));
  const people =
    inviters.size > 0 ? await context.accounts.people([...inviters], work.tx) : new Map<AccountId, Person>();
  const followed =
    hands === 'followed'
      ? await context.graph.followedByAny(accounts, stageIds(state), work.tx)
      : new Set<AccountId>();
  const places = placesOf(state);
  for (const member of members) {
    const account = member.account_id;
    const facts = { people, place: places.get(account), followed: followed.has(account) };
    const you = youView(state, member, facts);
    work.emit({ kind: 'frame', to: { accounts: [account] }, frame: { type: 'roomYou', room, version, you } });
  }
}

function tellLater(context: Context, work: Work, { after, changes }: Told): void {
  const { id, visibility } = after.room;
  const moved = changes.entered.length + changes.out.length > 0;
  const stageMoved = changes.stageAdded.length + changes.stageGone.length > 0;
  const card = changes.info || changes.promoted.length + changes.demoted.length > 0;
  work.afterCommit(() => {
    if (moved || stageMoved || changes.handCount) context.pulse.audience(id);
    if (visibility === 'open' && (moved || stageMoved || card)) context.pulse.hallway(id);
  });
}
