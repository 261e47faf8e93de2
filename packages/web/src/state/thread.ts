import type { LogEntry } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { daysBetween } from '../words/time.ts';

/** Where a message of one's own stands. */
export type Delivery = 'sent' | 'sending' | 'waiting' | 'failed';

export interface Bubble {
  kind: 'message';
  key: string;
  mine: boolean;
  sender: string;
  text: string;
  /** RFC 3339. */
  at: string;
  /** First and last of what one person says in one go: they decide the corners, and where the time stands. */
  first: boolean;
  last: boolean;
  delivery: Delivery;
  seq: number | null;
  pending: PendingMessage | null;
}

export type ThreadItem = Bubble | { kind: 'day'; key: string; at: string } | { kind: 'unread'; key: string };

/** Items of a stretch of the log. Stretches begin at the same `seq` whatever is loaded, so that older pages move nothing. */
export interface Chunk {
  key: string;
  items: ThreadItem[];
}

const CHUNK = 50;
/** Milliseconds of silence after which the same person starts a new group. */
const PAUSE = 5 * 60_000;

interface Line {
  key: string;
  sender: string;
  text: string;
  at: number;
  seq: number | null;
  pending: PendingMessage | null;
}

function deliveryOf(pending: PendingMessage | null): Delivery {
  return pending === null ? 'sent' : pending.status.state;
}

function together(a: Line | undefined, b: Line | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.sender === b.sender &&
    b.at - a.at < PAUSE &&
    daysBetween(a.at, b.at) === 0
  );
}

export interface ThreadInput {
  entries: readonly LogEntry[];
  pending: readonly PendingMessage[];
  me: string;
  /** The line `New` goes above this `seq`. */
  firstUnreadSeq: number | null;
  hasOlder: boolean;
}

/** The messages of a conversation as a screen shows them: in the order of `seq`, what is pending last (RT-3). */
export function threadOf({ entries, pending, me, firstUnreadSeq, hasOlder }: ThreadInput): Chunk[] {
  const lines: Line[] = entries.map(({ seq, at, message }) => ({
    key: message.clientId,
    sender: message.sender,
    text: message.text,
    at: Date.parse(at),
    seq,
    pending: null,
  }));
  for (const item of pending) {
    lines.push({
      key: item.clientId,
      sender: me,
      text: item.text,
      at: item.createdAt,
      seq: null,
      pending: item,
    });
  }
  const chunks: Chunk[] = [];
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    const chunk = line.seq === null ? 'pending' : String(Math.floor(line.seq / CHUNK));
    if (chunks.at(-1)?.key !== chunk) chunks.push({ key: chunk, items: [] });
    const items = chunks.at(-1)?.items ?? [];
    const newDay = before ? daysBetween(before.at, line.at) !== 0 : !hasOlder || line.seq === 1;
    const at = new Date(line.at).toISOString();
    if (newDay) items.push({ kind: 'day', key: `day-${line.key}`, at });
    const unread = line.seq !== null && line.seq === firstUnreadSeq;
    if (unread) items.push({ kind: 'unread', key: 'unread' });
    const after = lines[index + 1];
    items.push({
      kind: 'message',
      key: line.key,
      mine: line.sender === me,
      sender: line.sender,
      text: line.text,
      at,
      first: unread || newDay || !together(before, line),
      last: !together(line, after) || (after?.seq != null && after.seq === firstUnreadSeq),
      delivery: deliveryOf(line.pending),
      seq: line.seq,
      pending: line.pending,
    });
  });
  return chunks;
}

export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

/** A text cut at its links. */
export function partsOf(
  text: string,
  links: readonly { start: number; end: number; href: string }[],
): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { start, end, href } of links) {
    if (start > from) parts.push({ kind: 'text', text: text.slice(from, start) });
    parts.push({ kind: 'link', text: text.slice(start, end), href });
    from = end;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** A few emoji and nothing else are drawn large. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 24 && /^(?:\p{RGI_Emoji}\s*){1,3}$/v.test(text);
}
