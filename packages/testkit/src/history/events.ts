/**
 * What happened in a run, as its clients saw it. All of them live in one process, so that one clock and one order hold
 * for all: an event that stands before another one was over when the other began.
 */
export type HistoryEvent = { t: number } & (
  | { kind: 'sending'; op: number; account: string; conversation: string; clientId: string; text: string }
  /** The server's answer; a repeat of the same request may be answered twice. */
  | { kind: 'acked'; op: number; id: string; seq: number }
  /** The server's no. `first`: to the first try, so that nothing of it may be stored. */
  | { kind: 'refused'; op: number; code: string; first: boolean }
  /** An entry came to a device, by whatever way. Null: withheld. */
  | Seen<'saw'>
  /** From here on the device has all of a conversation: it was met, or one came back to it. */
  | { kind: 'began'; device: string; conversation: string; after: number }
  /** The device has put it in its place: what a person would see next. */
  | Seen<'applied'>
  | { kind: 'reading'; read: number; account: string; conversation: string }
  /** The newest page of the log. */
  | { kind: 'readLog'; read: number; head: number }
  | { kind: 'asking'; ask: number; account: string; conversation: string }
  /** A read mark that the server answered with. */
  | { kind: 'mark'; ask: number; readSeq: number }
  | Pair<'blocked'>
  | Pair<'unblocking'>
  | { kind: 'signedOut'; device: string }
  /** A device that is signed out heard something, or was let in. */
  | { kind: 'heardAfter'; device: string; what: string }
  | { kind: 'letInAfter'; device: string; what: string }
  | { kind: 'fault'; what: string; lossy: boolean }
  | { kind: 'mended'; what: string }
  /** Where each device was when all was quiet: the last entry it has of a conversation it is in. */
  | { kind: 'settled'; device: string; account: string; conversation: string; last: number }
  | { kind: 'truth'; conversation: string; place: Place; entries: readonly TruthEntry[] }
  /** A request that may bring somebody into a talk of a room begins. */
  | { kind: 'in'; account: string; conversation: string }
  | Out
  /** A moderator begins to change a talk; and it is as they wished. */
  | { kind: 'moderating'; conversation: string }
  | { kind: 'moderated'; conversation: string; by: string; on: boolean; slowSeconds: number }
  /** The end of a room was answered. */
  | { kind: 'ended'; conversation: string }
  /** Somebody was let into a room from which they were kept out. */
  | { kind: 'intruded'; account: string; conversation: string }
);

export type Place = 'direct' | 'group' | 'room' | 'stage';

/** Somebody is out of a talk: that was answered. */
interface Out {
  kind: 'out';
  account: string;
  conversation: string;
  /** When it was asked for. */
  asked: number;
  /** By a moderator, who keeps them out: what was written until then is theirs no more. */
  forGood: boolean;
  /** By the end of a session, which takes up to 2 s (RT-9). */
  soon: boolean;
}

/** A block that was answered, or the request that ends one. */
interface Pair<K extends string> {
  kind: K;
  by: string;
  whom: string;
}

interface Seen<K extends string> {
  kind: K;
  device: string;
  account: string;
  conversation: string;
  seq: number;
  entry: string | null;
  via: 'event' | 'resume' | 'log';
  /** When it was asked for; left out for an event. */
  since?: number;
}

/** An entry of the log at the end. */
export interface TruthEntry {
  seq: number;
  /** The message's id, or what else it is. */
  entry: string;
  sender?: string;
  clientId?: string;
  text?: string;
  /** Taken out of view: its text is not there. */
  hidden?: boolean;
  people?: { change: string; accounts: readonly string[] };
}

export type EventOf<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>;
export type Fresh<E> = E extends HistoryEvent ? Omit<E, 't'> : never;

export interface Recorder {
  readonly events: readonly HistoryEvent[];
  /** Milliseconds since the beginning: the clock of all events. */
  now(): number;
  add(event: Fresh<HistoryEvent>): void;
}

export function createRecorder(): Recorder {
  const start = performance.now();
  const events: HistoryEvent[] = [];
  const now = () => Math.round(performance.now() - start);
  return {
    events,
    now,
    add: event => void events.push({ ...event, t: now() } as HistoryEvent),
  };
}
