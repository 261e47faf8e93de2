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
  | { kind: 'truth'; conversation: string; group: boolean; entries: readonly TruthEntry[] }
);

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
}

/** An entry of the log at the end. */
export interface TruthEntry {
  seq: number;
  /** The message's id, or what else it is. */
  entry: string;
  sender?: string;
  clientId?: string;
  text?: string;
  people?: { change: string; accounts: readonly string[] };
}

export type EventOf<K extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: K }>;
type Fresh<E> = E extends HistoryEvent ? Omit<E, 't'> : never;

export interface Recorder {
  readonly events: readonly HistoryEvent[];
  add(event: Fresh<HistoryEvent>): void;
}

export function createRecorder(): Recorder {
  const start = performance.now();
  const events: HistoryEvent[] = [];
  return {
    events,
    add: event => void events.push({ ...event, t: Math.round(performance.now() - start) } as HistoryEvent),
  };
}
