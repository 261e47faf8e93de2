import {
  type Conversation,
  type LogEntry,
  type Person,
  RESUME_PER_CONVERSATION,
  RESUME_TOTAL,
} from '@sotto/protocol';
import type { ConversationRow, EntryRow } from './rows.ts';

/** An entry as the contract shows it. */
export const entryOf = (row: EntryRow): LogEntry => ({
  seq: row.seq,
  at: row.created_at.toISOString(),
  kind: row.kind,
  message: { id: row.id, sender: row.sender_id, clientId: row.client_id, text: row.text },
});

/** A conversation as one of its members sees it. */
export const conversationOf = (row: ConversationRow, person: Person, canWrite: boolean): Conversation => ({
  id: row.id,
  kind: row.kind,
  with: person,
  head: row.head,
  readSeq: row.read_seq,
  unread: row.unread,
  last: row.last ? entryOf(row.last) : null,
  canWrite,
});

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
