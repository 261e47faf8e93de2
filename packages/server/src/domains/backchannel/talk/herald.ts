import type { AccountId, LogEntry, Person, ServerFrame } from '@sotto/protocol';
import type { Audience } from '../../../platform/bus/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import { peopleOf } from '../entries.ts';
import { channelOf, type Place, quoteKeptFrom, withoutQuote } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';

/** A message that is committed, as its talk is to hear of it. */
export interface Announced {
  sender: AccountId;
  /** UTF-16 units of its text. */
  length: number;
  /** As the log shows it at the moment of telling. */
  entry(): Promise<LogEntry>;
}

export interface Herald {
  /** In the order of the log. The first is told at once, what comes soon after it together. Never fails. */
  tell(place: Place, message: Announced): void;
}

/** Milliseconds between two frames of one talk: a client waits longer than that before it fetches a gap (RT-5). */
const EVERY = 100;
/** Entries in one frame, as many as a second of 2,000 brings in the time between two: each frame costs each socket a call of the kernel. */
const FRAME_ENTRIES = 250;
/** UTF-16 units of text in one frame, if it is not one message alone: what nodes tell each other fits into the 1 MiB of NATS. */
const FRAME_TEXT = 128 * 1024;

/**
 * Tells a room's talk (RT-10): 2,000 messages a second to 500 sockets would be a million frames. Bundled, each socket gets
 * ten a second, each encoded once, and the senders of all of them are one query.
 */
export function createHerald(platform: Platform, deps: InboxDeps): Herald {
  const talks = new Map<string, Announced[]>();

  async function beat(place: Place, waiting: Announced[]): Promise<void> {
    const messages = waiting.splice(0);
    if (messages.length === 0) {
      talks.delete(place.id);
      return;
    }
    try {
      for (const bundle of bundlesOf(messages)) await publish(place, bundle);
    } catch (error) {
      // What is not heard, sequences repair (RT-5).
      platform.log.warn({ err: error }, 'messages of a talk were not announced');
    }
    setTimeout(() => void beat(place, waiting), EVERY).unref();
  }

  async function publish(place: Place, messages: readonly Announced[]): Promise<void> {
    const shown: Omit<Told, 'withheld'>[] = [];
    for (const { sender, entry } of messages) {
      const message = await entry();
      shown.push({ sender, entry: message, unquoted: await quoteKeptFrom(deps, place, message) });
    }
    const people = await peopleOf(
      deps,
      shown.map(each => each.entry),
    );
    // Last, and whoever has a block with a sender, in the room or not: whose sockets hear it may be others by now than when it
    // was written, and on another node (PE-5).
    const blocked = await deps.relations.blockedWithEach([...new Set(shown.map(each => each.sender))]);
    const told = shown.map(each => ({ ...each, withheld: blocked.get(each.sender) ?? nobody }));
    for (const { to, frame } of framesOf(place, told, people))
      platform.bus.publish({ kind: 'frame', to, frame });
  }

  return {
    tell(place, message) {
      const waiting = talks.get(place.id);
      if (waiting) {
        waiting.push(message);
        return;
      }
      const first = [message];
      talks.set(place.id, first);
      // After the rest of its batch.
      setImmediate(() => void beat(place, first));
    },
  };
}

/** The messages in their order, as many together as one frame may hold. */
function bundlesOf(messages: readonly Announced[]): Announced[][] {
  const bundles: Announced[][] = [];
  let bundle: Announced[] = [];
  let text = 0;
  for (const message of messages) {
    if (bundle.length === FRAME_ENTRIES || text + message.length > FRAME_TEXT) {
      bundle = [];
      text = 0;
    }
    if (bundle.length === 0) bundles.push(bundle);
    bundle.push(message);
    text += message.length;
  }
  return bundles;
}

const nobody: ReadonlySet<AccountId> = new Set();

interface Told extends Pick<Announced, 'sender'> {
  entry: LogEntry;
  /** Who must not read it. */
  withheld: ReadonlySet<AccountId>;
  /** Who must not read what it quotes. */
  unquoted: ReadonlySet<AccountId>;
}

/** What somebody gets of a message: nothing of it, all but what it quotes, or all. */
const markOf = ({ withheld, unquoted }: Told, account: AccountId): '-' | 'q' | '+' =>
  withheld.has(account) ? '-' : unquoted.has(account) ? 'q' : '+';

/** One frame for all who may read everything, and one for each set of people from whom the same is kept. */
function framesOf(
  place: Place,
  messages: readonly Told[],
  people: readonly Person[],
): { to: Audience; frame: ServerFrame }[] {
  const channel = channelOf(place);
  if (!channel) throw new Error('framesOf: not a talk that a channel hears');
  const except = [...new Set(messages.flatMap(({ withheld, unquoted }) => [...withheld, ...unquoted]))];
  const kept = Map.groupBy(except, account => messages.map(message => markOf(message, account)).join(''));
  const partial = [...kept].map(([marks, only]) => {
    const senders = new Set(messages.flatMap(({ sender }, index) => (marks[index] === '-' ? [sender] : [])));
    return {
      to: { channel, only },
      frame: frameOf(
        place.id,
        messages.map(({ entry }, index): LogEntry => {
          if (marks[index] === '-') return { seq: entry.seq, at: entry.at, kind: 'withheld' };
          return marks[index] === 'q' ? withoutQuote(entry) : entry;
        }),
        people.filter(person => !senders.has(person.id)),
      ),
    };
  });
  const all = frameOf(
    place.id,
    messages.map(({ entry }) => entry),
    [...people],
  );
  return [{ to: { channel, except }, frame: all }, ...partial];
}

function frameOf(conversation: string, entries: LogEntry[], people: Person[]): ServerFrame {
  const [entry] = entries;
  return entry && entries.length === 1
    ? { type: 'entry', conversation, entry, people }
    : { type: 'entries', conversation, entries, people };
}
