import type { AccountId, LogEntry, Person, ServerFrame } from '@sotto/protocol';
import type { Audience, Channel } from '../../platform/bus/index.ts';
import type { Work } from '../../platform/work.ts';
import { eventOf, isSaying, peopleOf } from './entries.ts';
import { getForMembers, type InboxDeps } from './inbox.ts';
import type { EventExtra, EventKind } from './rows.ts';
import { insertEvent } from './store/log.ts';
import { activeMembers, cameAfter } from './store/memberships.ts';

/** What telling of a conversation needs to know of it. */
export interface Place {
  id: string;
  kind: 'direct' | 'group' | 'room' | 'stage';
  /** Of a talk. */
  room: string | null;
}

/**
 * The channel that a room's people hear; null where members are told one by one. The few of a stage are: whoever was not
 * on it when something was written does not get it, whatever word a node may have missed (BC-3).
 */
export const channelOf = ({ kind, room }: Place): Channel | null => (kind === 'room' ? `room:${room}` : null);

/**
 * Who must not read the words that a message quotes: whoever came after them (BC-2), and in a group or talk whoever has a
 * block with who wrote them.
 */
export async function quoteKeptFrom(
  { relations, db }: Pick<InboxDeps, 'relations' | 'db'>,
  { id, kind }: Place,
  entry: LogEntry,
): Promise<ReadonlySet<AccountId>> {
  const reply = entry.kind === 'message' ? entry.message.reply : null;
  if (!reply) return new Set();
  const blocked = kind === 'direct' ? [] : await relations.blockedWith(reply.sender, db);
  return new Set([...blocked, ...(await cameAfter(db, id, reply.seq))]);
}

/** The entry for those: as `presentEntries` shows it to them. */
export const withoutQuote = (entry: LogEntry): LogEntry =>
  entry.kind === 'message' && entry.message.reply
    ? {
        ...entry,
        message: { ...entry.message, reply: { ...entry.message.reply, text: '', attachment: null } },
      }
    : entry;

/** An entry's frames: one for who may see it, one without content for who has a block with its author. */
export function entryFrames(
  place: Place,
  entry: LogEntry,
  people: Person[],
  to: { accounts: readonly AccountId[] | null; withheld: readonly AccountId[] },
): { to: Audience; frame: ServerFrame }[] {
  const channel = channelOf(place);
  const frame: ServerFrame = { type: 'entry', conversation: place.id, entry, people };
  const hidden: ServerFrame = {
    type: 'entry',
    conversation: place.id,
    entry: { seq: entry.seq, at: entry.at, kind: 'withheld' },
    people: [],
  };
  const frames: { to: Audience; frame: ServerFrame }[] = [
    { to: channel ? { channel, except: to.withheld } : { accounts: to.accounts ?? [] }, frame },
  ];
  if (to.withheld.length > 0)
    frames.push({ to: channel ? { channel, only: to.withheld } : { accounts: to.withheld }, frame: hidden });
  return frames;
}

/** A thing that happened in a conversation and is no message. */
export interface EventDraft<K extends EventKind> {
  kind: K;
  /** Null for what nobody did. */
  by: AccountId | null;
  /** The message that it is about. */
  of?: number | null;
  extra: EventExtra[K];
}

/**
 * Writes it into the log in the transaction, under the conversation's lock, and tells everyone in it after the commit
 * (RT-3, RT-4). What it changes beside (a reaction's row, a name) is the caller's, in the same transaction.
 * @param also told too, though not in it any more: who was just removed
 */
export async function appendEvent<K extends EventKind>(
  work: Work,
  deps: InboxDeps,
  place: Place,
  event: EventDraft<K>,
  also: readonly AccountId[] = [],
): Promise<LogEntry> {
  const row = await insertEvent(work.tx, {
    conversation: place.id,
    kind: event.kind,
    by: event.by,
    of: event.of ?? null,
    extra: event.extra,
    at: deps.now(),
  });
  const entry = eventOf(row);
  const blocked =
    event.by === null || place.kind === 'direct' || !isSaying(event.kind)
      ? []
      : await deps.relations.blockedWith(event.by, work.tx);
  // A preview tells what a message says.
  const late = entry.kind === 'preview' ? await cameAfter(work.tx, place.id, entry.of) : [];
  const hidden = new Set([...blocked, ...late]);
  const people = place.kind === 'direct' ? [] : await peopleOf({ ...deps, db: work.tx }, [entry]);
  const members = channelOf(place) ? null : [...(await activeMembers(work.tx, place.id)), ...also];
  const frames = entryFrames(place, entry, people, {
    accounts: members?.filter(account => !hidden.has(account)) ?? null,
    withheld: members ? members.filter(account => hidden.has(account)) : [...hidden],
  });
  for (const { to, frame } of frames) work.emit({ kind: 'frame', to, frame });
  return entry;
}

/** Shows each of these members the conversation as it is for them now. */
export async function tellMembers(
  work: Pick<Work, 'tx' | 'emit'>,
  deps: InboxDeps,
  conversation: string,
  accounts: readonly AccountId[],
): Promise<void> {
  const shown = await getForMembers({ ...deps, db: work.tx }, accounts, conversation);
  for (const [account, conversation] of shown)
    work.emit({ kind: 'frame', to: { accounts: [account] }, frame: { type: 'conversation', conversation } });
}
