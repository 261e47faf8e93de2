import type {
  AccountId,
  Attachment,
  ConversationId,
  LogEntry,
  Message,
  Person,
  Reply,
} from '@sotto/protocol';
import { quotedText } from '@sotto/protocol/quote';
import type { Executor } from '../../platform/db/index.ts';
import type { InboxDeps } from './inbox.ts';
import type { EntryRow, EventExtra, MessageExtra } from './rows.ts';
import { readEntries, readReactions } from './store/log.ts';

type Deps = Pick<InboxDeps, 'db' | 'files'>;

/** What a reader must not see. */
export interface Sight {
  /** Whose messages; they leave an entry without content, so that `seq` has no gap. */
  withheld: ReadonlySet<AccountId>;
  /** By conversation, where it begins for the reader: what was written before comes back in no quote or preview (BC-2). */
  firsts: ReadonlyMap<ConversationId, number>;
}

/** As somebody sees it who was there from the beginning, and has no block with anyone. */
const all: Sight = { withheld: new Set(), firsts: new Map() };

/** Entries as the contract shows them, with what has become of messages since: reactions, previews, taken out of view. */
export async function presentEntries(
  { db, files }: Deps,
  rows: readonly EntryRow[],
  sight: Sight = all,
): Promise<LogEntry[]> {
  const messages = rows.filter(row => row.kind === 'message' && !isWithheld(row, sight));
  // One after the other: inside a transaction there is one connection.
  const reactions = await reactionsOf(db, messages, sight.withheld);
  const quotes = await quotesOf({ db, files }, messages, sight);
  const attachments = await attachmentsOf({ db, files }, messages);
  return rows.map(row => {
    if (isWithheld(row, sight)) return { seq: row.seq, at: row.created_at.toISOString(), kind: 'withheld' };
    if (row.kind !== 'message') return eventOf(row);
    const extra = row.extra as MessageExtra | null;
    return {
      seq: row.seq,
      at: row.created_at.toISOString(),
      kind: 'message',
      message: {
        ...plainMessage(row),
        ...(row.hidden_at === null && {
          reply: (extra?.reply !== undefined && quotes.get(placeOf(row, extra.reply))) || null,
          attachments: extra?.attachments?.flatMap(id => attachments.get(id) ?? []) ?? [],
          card: extra?.card ?? null,
          previews: row.previews ?? [],
        }),
        reactions: reactions.get(placeOf(row, row.seq)) ?? [],
      },
    };
  });
}

/** What a block hides is what somebody says. Who belongs, what it is called and what moderators do concerns all. */
export const isSaying = (kind: EntryRow['kind']): boolean =>
  kind === 'message' || kind === 'reaction' || kind === 'preview';

const isWithheld = (row: EntryRow, sight: Sight): boolean =>
  (row.sender_id !== null && sight.withheld.has(row.sender_id) && isSaying(row.kind)) ||
  (row.kind === 'preview' && row.target_seq !== null && isBefore(row, row.target_seq, sight));

const isBefore = ({ conversation_id }: EntryRow, seq: number, { firsts }: Sight): boolean =>
  seq < (firsts.get(conversation_id) ?? 1);

/** A message without anything that has to be looked up. */
export const plainMessage = (row: {
  id: string;
  sender_id: string | null;
  client_id: string | null;
  text: string;
  hidden_at: Date | null;
}): Message => ({
  id: row.id,
  sender: row.sender_id ?? row.id,
  clientId: row.client_id ?? row.id,
  text: row.hidden_at ? '' : row.text,
  reply: null,
  attachments: [],
  card: null,
  previews: [],
  reactions: [],
  hidden: row.hidden_at !== null,
});

/** An entry that is no message. */
export function eventOf(row: EntryRow): LogEntry {
  const base = { seq: row.seq, at: row.created_at.toISOString() };
  const by = row.sender_id ?? row.id;
  const extra = <K extends keyof EventExtra>(): EventExtra[K] => row.extra as EventExtra[K];
  switch (row.kind) {
    case 'reaction':
      return { ...base, kind: 'reaction', by, of: row.target_seq ?? 0, ...extra<'reaction'>() };
    case 'preview':
      return { ...base, kind: 'preview', of: row.target_seq ?? 0, ...extra<'preview'>() };
    case 'hidden':
      return { ...base, kind: 'hidden', by: row.sender_id, of: row.target_seq ?? 0 };
    case 'pin':
      return { ...base, kind: 'pin', by, of: row.target_seq };
    case 'people':
      return { ...base, kind: 'people', by, ...extra<'people'>() };
    case 'about':
      return { ...base, kind: 'about', by, ...extra<'about'>() };
    case 'talk':
      return { ...base, kind: 'talk', by, ...extra<'talk'>() };
    case 'frozen':
      return { ...base, kind: 'frozen' };
    case 'message':
      throw new Error('eventOf: a message');
  }
}

/** Whom entries name. */
export function namedIn(entries: readonly LogEntry[]): Set<AccountId> {
  const named = new Set<AccountId>();
  for (const entry of entries) {
    if (entry.kind === 'message') {
      named.add(entry.message.sender);
      if (entry.message.reply) named.add(entry.message.reply.sender);
      if (entry.message.card?.kind === 'profile') named.add(entry.message.card.account);
      for (const reaction of entry.message.reactions) for (const id of reaction.accounts) named.add(id);
    }
    if ('by' in entry && entry.by !== null) named.add(entry.by);
    if (entry.kind === 'people') for (const id of entry.accounts) named.add(id);
  }
  return named;
}

/** Those that name a third to two who know each other: what a direct conversation has to say whom it means (BC-5). */
export const withPersonCard = (entries: readonly LogEntry[]): LogEntry[] =>
  entries.filter(entry => entry.kind === 'message' && entry.message.card?.kind === 'profile');

/** The people whom entries name, as far as the reader may see them. */
export async function peopleOf(
  { db, people }: Pick<InboxDeps, 'db' | 'people'>,
  entries: readonly LogEntry[],
  withheld: ReadonlySet<AccountId> = new Set(),
): Promise<Person[]> {
  const named = [...namedIn(entries)].filter(id => !withheld.has(id));
  return named.length === 0 ? [] : [...(await people.people(named, db)).values()];
}

const placeOf = (row: EntryRow, seq: number): string => `${row.conversation_id} ${seq}`;

async function reactionsOf(
  db: Executor,
  messages: readonly EntryRow[],
  withheld: ReadonlySet<AccountId>,
): Promise<Map<string, Message['reactions']>> {
  const found = await readReactions(
    db,
    messages.map(row => ({ conversation: row.conversation_id, seq: row.seq })),
    [...withheld],
  );
  const reactions = new Map<string, Message['reactions']>();
  for (const { conversation_id, seq, ...reaction } of found) {
    const place = `${conversation_id} ${seq}`;
    reactions.set(place, [...(reactions.get(place) ?? []), reaction]);
  }
  return reactions;
}

async function quotesOf(
  { db, files }: Deps,
  messages: readonly EntryRow[],
  sight: Sight,
): Promise<Map<string, Reply>> {
  const places = messages.flatMap(row => {
    const seq = (row.extra as MessageExtra | null)?.reply;
    return seq === undefined ? [] : [{ conversation: row.conversation_id, seq }];
  });
  const originals = await readEntries(db, places);
  const attached = await attachmentsOf({ db, files }, originals);
  return new Map(
    originals.flatMap(row => {
      if (row.kind !== 'message' || row.sender_id === null) return [];
      const isShown =
        row.hidden_at === null && !sight.withheld.has(row.sender_id) && !isBefore(row, row.seq, sight);
      const first = (row.extra as MessageExtra | null)?.attachments?.[0];
      const attachment = (isShown && first !== undefined && attached.get(first)?.kind) || null;
      const text = isShown ? quotedText(row.text) : '';
      return [[placeOf(row, row.seq), { seq: row.seq, sender: row.sender_id, text, attachment }]];
    }),
  );
}

async function attachmentsOf(
  { db, files }: Deps,
  messages: readonly EntryRow[],
): Promise<ReadonlyMap<string, Attachment>> {
  const ids = messages.flatMap(row =>
    row.hidden_at === null ? ((row.extra as MessageExtra | null)?.attachments ?? []) : [],
  );
  return ids.length === 0 ? new Map() : files.present(ids, db);
}
