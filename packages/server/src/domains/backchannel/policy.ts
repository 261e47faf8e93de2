import {
  type Conversation,
  type LogEntry,
  type Person,
  RESUME_PER_CONVERSATION,
  RESUME_TOTAL,
} from '@sotto/protocol';
import { pictureOf } from '../../platform/images/index.ts';
import { stillWaits } from './requests/policy.ts';
import type { ConversationRow } from './rows.ts';

/** What a conversation's row is shown with. */
export interface Shown {
  known: ReadonlyMap<string, Person>;
  blocked: ReadonlySet<string>;
  rooms: ReadonlyMap<string, { title: string; ended: boolean }>;
  last: LogEntry | null;
  pin: LogEntry | null;
  now: Date;
}

/** What `mutedUntil` says where it is for always. */
export const ALWAYS = new Date('9999-01-01T00:00:00.000Z');

/** A conversation as one of its members sees it; null where nothing is left to show of it. */
export function conversationOf(row: ConversationRow, shown: Shown): Conversation | null {
  const common = {
    id: row.id,
    head: row.head,
    firstSeq: row.first_seq,
    readSeq: row.read_seq,
    unread: row.unread,
    markedUnread: row.marked_unread,
    mutedUntil: row.muted_until && row.muted_until > shown.now ? row.muted_until.toISOString() : null,
    pinned: row.pinned_at !== null,
    archived: row.archived_at !== null,
    last: shown.last,
    at: row.last_entry_at?.toISOString() ?? null,
    state: stateOf(row),
    ...writingOf(row, shown),
    version: row.version,
    readers: row.readers ?? [],
  };
  switch (row.kind) {
    case 'direct': {
      const person = shown.known.get(row.other_id ?? '');
      const asRequest = common.canWrite && mustAsk(row);
      return person ? { ...common, kind: 'direct', with: person, asRequest } : null;
    }
    case 'group':
      return {
        ...common,
        kind: 'group',
        title: row.title,
        picture: pictureOf(row.picture),
        count: row.people_count,
        faces: row.faces?.flatMap(id => shown.known.get(id) ?? []) ?? [],
        you: row.role,
        blockedInside: row.blocked_inside,
      };
    case 'room':
    case 'stage': {
      const room = shown.rooms.get(row.room_id ?? '');
      return {
        ...common,
        kind: row.kind,
        room: {
          id: row.room_id ?? '',
          title: room?.title ?? '',
          ended: row.frozen_at !== null,
        },
        moderator: row.role !== 'member',
        on: row.talk_on,
        slowSeconds: row.slow_seconds,
        pin: shown.pin,
      };
    }
  }
}

const stateOf = (row: ConversationRow): Conversation['state'] =>
  isInvitation(row) ? 'invitation' : row.state === 'request' || row.state === 'held' ? 'request' : 'active';

/** In sight or held back. */
const isInvitation = ({ kind, state }: ConversationRow): boolean =>
  state === 'invited' || (kind === 'group' && state === 'held');

function writingOf(row: ConversationRow, shown: Shown): Pick<Conversation, 'canWrite' | 'whyNot'> {
  const no = (whyNot: Conversation['whyNot']) => ({ canWrite: false, whyNot });
  if (row.kind === 'direct') {
    if (row.blocking) return no('blocked');
    // Their request is with the other: nothing that the other does may show, a block least of all (BC-11).
    const asked = row.state === 'active' && mustAsk(row);
    if (asked && stillWaits(row.asked_at, shown.now)) return no('waiting');
    if (!asked && shown.blocked.has(row.other_id ?? '')) return no('blocked');
    if (mustAsk(row) && row.other_accepts !== 'everyone') return no('closed');
  }
  if (isInvitation(row)) return no('request');
  if (row.frozen_at) return no('frozen');
  if ((row.kind === 'room' || row.kind === 'stage') && !row.talk_on && row.role === 'member')
    return no('off');
  return { canWrite: true, whyNot: null };
}

/** What the viewer writes to the other is a request (BC-10). */
const mustAsk = (row: ConversationRow): boolean =>
  row.state !== 'request' && row.state !== 'held' && row.other_state !== 'active' && !row.followed;

/** The two people of a direct conversation in the order in which it is stored: as UUIDs sort (BC-1). */
export const pairOf = (a: string, b: string): { low: string; high: string } =>
  a < b ? { low: a, high: b } : { low: b, high: a };

/** What a client has of a conversation, beside what there is. */
export interface Gap {
  conversation: string;
  /** What the client has without a gap. */
  seq: number;
  head: number;
}

/**
 * Which conversations are caught up entry by entry, and which are to be reloaded (RT-6): at most 100 entries of one and
 * 500 in all, so that coming back after a month costs no more than opening the app.
 * A client that has more than there is (the database was put back to an older state) reloads too.
 */
export function planResume(gaps: readonly Gap[]): { catchUp: Gap[]; limited: string[] } {
  const catchUp: Gap[] = [];
  const limited: string[] = [];
  let total = 0;
  for (const gap of gaps) {
    const missing = gap.head - gap.seq;
    if (missing === 0) continue;
    if (missing < 0 || missing > RESUME_PER_CONVERSATION || total + missing > RESUME_TOTAL)
      limited.push(gap.conversation);
    else {
      total += missing;
      catchUp.push(gap);
    }
  }
  return { catchUp, limited };
}
