import type { EntryOf, LogEntry, Message } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { daysBetween } from '../words/time.ts';

/** Where a message of one's own stands. */
export type Delivery = 'sent' | 'uploading' | 'sending' | 'waiting' | 'failed';

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
  /** As the log has it; null while it is on its way. */
  message: Message | null;
  pending: PendingMessage | null;
}

/** Entries that a thread shows as a line between the messages. */
export type SystemEntry = EntryOf<'people' | 'about' | 'pin' | 'talk' | 'frozen'>;

export type ThreadItem =
  | Bubble
  | { kind: 'system'; key: string; entry: SystemEntry }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string };

/** Items of a stretch of the log. Stretches begin at the same `seq` whatever is loaded, so that older pages move nothing. */
export interface Chunk {
  key: string;
  items: readonly ThreadItem[];
}

/** Entries of one stretch: so many are put on the page, or taken off it, at once. */
const CHUNK = 8;
/** Milliseconds of silence after which the same person starts a new group. */
const PAUSE = 5 * 60_000;

interface Line {
  key: string;
  sender: string;
  at: number;
  seq: number | null;
  message: Message | null;
  system: SystemEntry | null;
  pending: PendingMessage | null;
}

export interface ThreadInput {
  entries: readonly LogEntry[];
  pending: readonly PendingMessage[];
  me: string;
  /** The line `New` goes above the first message from here on. */
  firstUnreadSeq: number | null;
  hasOlder: boolean;
}

const lines = new WeakMap<LogEntry, Line>();

/** What an entry shows; null for those that only change another, and for what is withheld. */
function lineOf(entry: LogEntry): Line | null {
  const known = lines.get(entry);
  if (known) return known;
  const place = { at: Date.parse(entry.at), seq: entry.seq, pending: null };
  let line: Line;
  switch (entry.kind) {
    case 'message': {
      const { message } = entry;
      line = { ...place, key: message.clientId, sender: message.sender, message, system: null };
      break;
    }
    case 'people':
    case 'about':
    case 'pin':
    case 'talk':
    case 'frozen':
      line = { ...place, key: `system-${entry.seq}`, sender: '', message: null, system: entry };
      break;
    default:
      return null;
  }
  lines.set(entry, line);
  return line;
}

function together(a: Line | undefined, b: Line | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    !a.system &&
    !b.system &&
    a.sender === b.sender &&
    b.at - a.at < PAUSE &&
    daysBetween(a.at, b.at) === 0
  );
}

interface Made {
  lines: readonly Line[];
  before: Line | undefined;
  after: Line | undefined;
  unread: Line | undefined;
  begins: boolean;
  chunk: Chunk;
}

const same = (a: readonly Line[], b: readonly Line[]) =>
  a.length === b.length && a.every((line, index) => line === b[index]);

/**
 * Lays out the messages of one conversation as a screen shows them: in the order of `seq`, what is pending last (RT-3).
 * Called again, it gives the same chunk back where nothing in it changed.
 */
export function createThread(): (input: ThreadInput) => Chunk[] {
  let made = new Map<string, Made>();
  const onTheWay = new WeakMap<PendingMessage, Line>();

  const pendingLine = (pending: PendingMessage, me: string): Line => {
    const known = onTheWay.get(pending);
    if (known) return known;
    const { clientId, createdAt } = pending;
    const line = {
      key: clientId,
      sender: me,
      at: createdAt,
      seq: null,
      message: null,
      system: null,
      pending,
    };
    onTheWay.set(pending, line);
    return line;
  };

  return ({ entries, pending, me, firstUnreadSeq, hasOlder }) => {
    const all = entries.flatMap(entry => lineOf(entry) ?? []);
    const unread =
      firstUnreadSeq === null
        ? undefined
        : all.find(line => (line.seq ?? 0) >= firstUnreadSeq && line.message && line.sender !== me);
    // What is on its way stands where it will be, so that arriving changes nothing on the screen.
    const next = String(Math.floor(((entries.at(-1)?.seq ?? 0) + 1) / CHUNK));
    for (const each of pending) all.push(pendingLine(each, me));
    const groups = new Map<string, { from: number; lines: Line[] }>();
    all.forEach((line, index) => {
      const key = line.seq === null ? next : String(Math.floor(line.seq / CHUNK));
      const group = groups.get(key) ?? { from: index, lines: [] };
      group.lines.push(line);
      groups.set(key, group);
    });
    const now = new Map<string, Made>();
    for (const [key, { from, lines: group }] of groups) {
      const before = all[from - 1];
      const after = all[from + group.length];
      const begins = from === 0 && !hasOlder;
      const line = group.includes(unread as Line) || after === unread ? unread : undefined;
      const was = made.get(key);
      const kept =
        was &&
        same(was.lines, group) &&
        was.before === before &&
        was.after === after &&
        was.unread === line &&
        was.begins === begins;
      now.set(
        key,
        kept
          ? was
          : {
              lines: group,
              before,
              after,
              unread: line,
              begins,
              chunk: { key, items: itemsOf(group, { before, after, unread: line, begins, me }) },
            },
      );
    }
    made = now;
    return [...now.values()].map(({ chunk }) => chunk);
  };
}

interface Around {
  before: Line | undefined;
  after: Line | undefined;
  unread: Line | undefined;
  begins: boolean;
  me: string;
}

function itemsOf(group: readonly Line[], around: Around): ThreadItem[] {
  const items: ThreadItem[] = [];
  group.forEach((line, index) => {
    const before = group[index - 1] ?? around.before;
    const after = group[index + 1] ?? around.after;
    const newDay = before ? daysBetween(before.at, line.at) !== 0 : around.begins;
    const at = new Date(line.at).toISOString();
    if (newDay) items.push({ kind: 'day', key: `day-${line.key}`, at });
    const unread = line === around.unread;
    if (unread) items.push({ kind: 'unread', key: 'unread' });
    if (line.system) {
      items.push({ kind: 'system', key: line.key, entry: line.system });
      return;
    }
    items.push({
      kind: 'message',
      key: line.key,
      mine: line.sender === around.me,
      sender: line.sender,
      text: line.message?.text ?? line.pending?.text ?? '',
      at,
      first: unread || newDay || !together(before, line),
      last: !together(line, after) || after === around.unread,
      delivery: line.pending === null ? 'sent' : line.pending.status.state,
      seq: line.seq,
      message: line.message,
      pending: line.pending,
    });
  });
  return items;
}

export type TextPart =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; handle: string };

type Place = { start: number; end: number } & ({ href: string } | { handle: string });

/** A text cut at its links and mentions; what begins inside another stays part of it. */
export function partsOf(text: string, places: readonly Place[]): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const place of [...places].sort((a, b) => a.start - b.start)) {
    const { start, end } = place;
    if (start < from) continue;
    if (start > from) parts.push({ kind: 'text', text: text.slice(from, start) });
    const cut = text.slice(start, end);
    parts.push(
      'href' in place
        ? { kind: 'link', text: cut, href: place.href }
        : { kind: 'mention', text: cut, handle: place.handle },
    );
    from = end;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** A few emoji and nothing else are drawn large. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 24 && /^(?:\p{RGI_Emoji}\s*){1,3}$/v.test(text);
}
