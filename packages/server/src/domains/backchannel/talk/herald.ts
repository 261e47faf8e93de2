import type { AccountId, LogEntry, Person, ServerFrame } from '@sotto/protocol';
import type { Audience } from '../../../platform/bus/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import { peopleOf } from '../entries.ts';
import { channelOf, type Place } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';

/** A message that is committed, as its talk is to hear of it. */
export interface Announced {
  sender: AccountId;
  /** Who must not read it. */
  withheld: readonly AccountId[];
  /** As the log shows it at the moment of telling. */
  entry(): Promise<LogEntry>;
}

export interface Herald {
  /** In the order of the log. The first is told at once, what comes soon after it together. Never fails. */
  tell(place: Place, message: Announced): void;
}

/** Milliseconds between two frames of one talk: a client waits longer than that before it fetches a gap (RT-5). */
const EVERY = 100;
/** Entries in one frame. */
const FRAME_MAX = 100;

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
      for (let first = 0; first < messages.length; first += FRAME_MAX)
        await publish(place, messages.slice(first, first + FRAME_MAX));
    } catch (error) {
      // What is not heard, sequences repair (RT-5).
      platform.log.warn({ err: error }, 'messages of a talk were not announced');
    }
    setTimeout(() => void beat(place, waiting), EVERY).unref();
  }

  async function publish(place: Place, messages: readonly Announced[]): Promise<void> {
    const entries: LogEntry[] = [];
    for (const message of messages) entries.push(await message.entry());
    const people = await peopleOf(deps, entries);
    for (const { to, frame } of framesOf(place, messages, entries, people))
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

/** One frame for all who may read everything, and one for each set of people from whom the same is kept. */
function framesOf(
  place: Place,
  messages: readonly Announced[],
  entries: readonly LogEntry[],
  people: readonly Person[],
): { to: Audience; frame: ServerFrame }[] {
  const channel = channelOf(place);
  if (!channel) throw new Error('framesOf: not a talk that a channel hears');
  const except = [...new Set(messages.flatMap(message => message.withheld))];
  const kept = Map.groupBy(except, account =>
    messages.map(message => (message.withheld.includes(account) ? '-' : '+')).join(''),
  );
  const partial = [...kept].map(([marks, only]) => {
    const senders = new Set(messages.flatMap(({ sender }, index) => (marks[index] === '-' ? [sender] : [])));
    return {
      to: { channel, only },
      frame: frameOf(
        place.id,
        entries.map((entry, index) =>
          marks[index] === '-' ? { seq: entry.seq, at: entry.at, kind: 'withheld' } : entry,
        ),
        people.filter(person => !senders.has(person.id)),
      ),
    };
  });
  return [{ to: { channel, except }, frame: frameOf(place.id, [...entries], [...people]) }, ...partial];
}

function frameOf(conversation: string, entries: LogEntry[], people: Person[]): ServerFrame {
  const [entry] = entries;
  return entry && entries.length === 1
    ? { type: 'entry', conversation, entry, people }
    : { type: 'entries', conversation, entries, people };
}
