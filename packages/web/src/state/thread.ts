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
  /** `from`: the first of the entries that it stands for; `entry` has what all of them say, and the place of the last. */
  | { kind: 'system'; key: string; entry: SystemEntry; from: number }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string };

/** Items of a stretch of the log. Stretches begin at the same `seq` whatever is loaded, so that older pages move nothing. */
export interface Chunk {
  key: string;
  items: readonly ThreadItem[];
}

/** Entries of one stretch: so many are put on the page, or taken off it, at once. */
const CHUNK = 4;
/** Milliseconds of silence after which the same person starts a new group. */
const PAUSE = 5 * 60_000;

interface Line {
  key: string;
  /** The number of its stretch. What is on its way has none of its own. */
  chunk: number;
  sender: string;
  at: number;
  seq: number | null;
  /** The first of the entries that it stands for. */
  from: number;
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
  const chunk = Math.floor(entry.seq / CHUNK);
  const place = { chunk, at: Date.parse(entry.at), seq: entry.seq, from: entry.seq, pending: null };
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

/** Whether `b` says of others what `a` says: that they came or went by themselves, or by the same person. */
function goesOn(a: Line, b: Line): boolean {
  const [was, is] = [a.system, b.system];
  if (was?.kind !== 'people' || is?.kind !== 'people' || was.change !== is.change) return false;
  const alone = is.change === 'joined' || is.change === 'left';
  const bySame = was.by === is.by && (is.change === 'added' || is.change === 'removed');
  return (alone || bySame) && daysBetween(a.at, b.at) === 0;
}

/** Lines that stand for several, by the last of them. */
const joined = new WeakMap<Line, { parts: readonly Line[]; line: Line }>();

/** The lines of one log where those that go on are one, in the place of the last: an older page changes only what it says. */
function saidTogether(lines: readonly Line[]): Line[] {
  const said: Line[] = [];
  for (let from = 0, to = 0; from < lines.length; from = to) {
    let last = lines[from] as Line;
    for (to = from + 1; to < lines.length; to += 1) {
      const next = lines[to] as Line;
      if (!goesOn(last, next)) break;
      last = next;
    }
    said.push(to === from + 1 ? last : joinedLine(lines.slice(from, to), last));
  }
  return said;
}

function joinedLine(parts: readonly Line[], last: Line): Line {
  const known = joined.get(last);
  if (known?.parts.length === parts.length && parts.every((part, at) => part === known.parts[at]))
    return known.line;
  const accounts = parts.flatMap(({ system }) => (system?.kind === 'people' ? system.accounts : []));
  const system = last.system?.kind === 'people' ? { ...last.system, accounts: [...new Set(accounts)] } : null;
  const line = { ...last, from: parts[0]?.from ?? last.from, system };
  joined.set(last, { parts, line });
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

interface Around {
  before: Line | undefined;
  after: Line | undefined;
  unread: Line | undefined;
  begins: boolean;
  me: string;
}

interface Made extends Around {
  lines: readonly Line[];
  chunk: Chunk;
}

/** Whether a group is made of the lines in this part of all. */
const isOf = ({ lines }: Made, all: readonly Line[], from: number, to: number) =>
  lines.length === to - from && lines.every((line, index) => line === all[from + index]);

/**
 * Lays out the messages of one conversation as a screen shows them: in the order of `seq`, what is pending last (RT-3).
 * Called again, it gives the same chunk back where nothing in it changed.
 */
export function createThread(): (input: ThreadInput) => Chunk[] {
  let made = new Map<number, Made>();
  const onTheWay = new WeakMap<PendingMessage, Line>();

  const pendingLine = (pending: PendingMessage, me: string): Line => {
    const known = onTheWay.get(pending);
    if (known) return known;
    const { clientId, createdAt } = pending;
    const line = {
      key: clientId,
      chunk: -1,
      sender: me,
      at: createdAt,
      seq: null,
      from: 0,
      message: null,
      system: null,
      pending,
    };
    onTheWay.set(pending, line);
    return line;
  };

  // Ten thousand lines are walked through for each page that comes: nothing is made for those that stay as they were.
  return ({ entries, pending, me, firstUnreadSeq, hasOlder }) => {
    const each: Line[] = [];
    for (const entry of entries) {
      const line = lineOf(entry);
      if (line) each.push(line);
    }
    const all = saidTogether(each);
    const unreadAt =
      firstUnreadSeq === null
        ? -1
        : all.findIndex(line => (line.seq ?? 0) >= firstUnreadSeq && line.message && line.sender !== me);
    // What is on its way stands where it will be, so that arriving changes nothing on the screen.
    const next = Math.floor(((entries.at(-1)?.seq ?? 0) + 1) / CHUNK);
    for (const message of pending) all.push(pendingLine(message, me));
    const chunkOf = (line: Line | undefined) => (line?.seq === null ? next : line?.chunk);
    const now = new Map<number, Made>();
    const chunks: Chunk[] = [];
    for (let from = 0, to = 0; from < all.length; from = to) {
      const key = chunkOf(all[from]) ?? next;
      while (to < all.length && chunkOf(all[to]) === key) to += 1;
      const before = all[from - 1];
      const after = all[to];
      const begins = from === 0 && !hasOlder;
      const unread = unreadAt >= from && unreadAt <= to ? all[unreadAt] : undefined;
      const was = made.get(key);
      const kept =
        was &&
        was.before === before &&
        was.after === after &&
        was.unread === unread &&
        was.begins === begins &&
        isOf(was, all, from, to);
      const around = { before, after, unread, begins, me };
      const group = kept ? was : makeGroup(key, all.slice(from, to), around);
      now.set(key, group);
      chunks.push(group.chunk);
    }
    made = now;
    return chunks;
  };
}

const makeGroup = (key: number, lines: readonly Line[], around: Around): Made => ({
  ...around,
  lines,
  chunk: { key: String(key), items: itemsOf(lines, around) },
});

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
      items.push({ kind: 'system', key: line.key, entry: line.system, from: line.from });
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
