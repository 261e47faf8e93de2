import type { EventOf, HistoryEvent, Place, TruthEntry } from './events.ts';
import { judgeRights, type Patience } from './judge-rights.ts';
import { judgeTalks } from './judge-talks.ts';

/** A promise that was broken, with the events that show it. */
export interface Violation {
  rule:
    | 'lost'
    | 'doubled'
    | 'stored though refused'
    | 'gap'
    | 'order'
    | 'stale'
    | 'mark moved back'
    | 'not settled'
    | 'after a block'
    | 'after a removal'
    | 'after a logout'
    | 'outside'
    | 'while off'
    | 'too fast'
    | 'after the end';
  what: string;
  events: readonly HistoryEvent[];
}

/** What the rules look things up in. */
export interface Indexed {
  events: readonly HistoryEvent[];
  /** Where each event stands: what is over before another begins. */
  at: ReadonlyMap<HistoryEvent, number>;
  truth: ReadonlyMap<string, { place: Place; bySeq: ReadonlyMap<number, TruthEntry>; head: number }>;
  sendings: ReadonlyMap<number, EventOf<'sending'>>;
  acks: readonly EventOf<'acked'>[];
  of<K extends HistoryEvent['kind']>(...kinds: K[]): EventOf<K>[];
}

/** For a history that a busy machine made: how soon a logout is known everywhere is measured elsewhere. */
export const busyPatience: Patience = { graceMs: 10_000, lossyGraceMs: 75_000 };

/** Judges a whole history: every promise that it breaks (RT-1 to RT-12). */
export function judge(
  events: readonly HistoryEvent[],
  patience: Patience = { graceMs: 2000, lossyGraceMs: 62_000 },
): Violation[] {
  const index = indexed(events);
  return [
    ...judgeStored(index),
    ...judgeSeen(index),
    ...judgeFresh(index),
    ...judgeMarks(index),
    ...judgeSettled(index),
    ...judgeRights(index, patience),
    ...judgeTalks(index, patience),
  ];
}

function indexed(events: readonly HistoryEvent[]): Indexed {
  const byKind = Map.groupBy(events, event => event.kind);
  const of = <K extends HistoryEvent['kind']>(...kinds: K[]): EventOf<K>[] => {
    const found = kinds.flatMap(kind => (byKind.get(kind) ?? []) as EventOf<K>[]);
    return kinds.length === 1 ? found : found.sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
  };
  const at = new Map(events.map((event, position) => [event, position]));
  const truth = new Map(
    of('truth').map(({ conversation, place, entries }) => [
      conversation,
      {
        place,
        bySeq: new Map(entries.map(entry => [entry.seq, entry])),
        head: entries.reduce((most, { seq }) => Math.max(most, seq), 0),
      },
    ]),
  );
  const sendings = new Map(of('sending').map(event => [event.op, event]));
  return { events, at, truth, sendings, acks: of('acked'), of };
}

/** No acknowledged message lost, none twice, none that was refused; no gap in any log. */
function* judgeStored({ of, truth, sendings, acks }: Indexed): Generator<Violation> {
  const logs = of('truth');
  for (const log of logs) {
    const seqs = log.entries.map(entry => entry.seq);
    if (seqs.some((seq, n) => seq !== n + 1))
      yield { rule: 'gap', what: `the log of ${log.conversation} is ${brief(seqs)}`, events: [log] };
  }
  const stored = new Map<string, TruthEntry[]>();
  for (const { conversation, entries } of logs)
    for (const entry of entries) {
      if (entry.clientId === undefined) continue;
      const key = `${conversation} ${entry.sender} ${entry.clientId}`;
      const same = stored.get(key);
      if (same) same.push(entry);
      else stored.set(key, [entry]);
    }
  const keyOf = (s: EventOf<'sending'>) => `${s.conversation} ${s.account} ${s.clientId}`;
  for (const sending of sendings.values()) {
    const copies = stored.get(keyOf(sending)) ?? [];
    if (copies.length > 1)
      yield {
        rule: 'doubled',
        what: `${sending.text} is stored at ${brief(copies.map(c => c.seq))}`,
        events: [sending],
      };
  }
  for (const ack of acks) {
    const sending = sendings.get(ack.op);
    if (!sending) continue;
    const found = truth.get(sending.conversation)?.bySeq.get(ack.seq);
    const text = found?.hidden ? sending.text : found?.text;
    if (found?.entry !== ack.id || found.clientId !== sending.clientId || text !== sending.text)
      yield {
        rule: 'lost',
        what: `${sending.text} was acknowledged as ${ack.id} at ${ack.seq}; there is ${JSON.stringify(found)}`,
        events: [sending, ack],
      };
  }
  for (const refusal of of('refused')) {
    const sending = sendings.get(refusal.op);
    if (refusal.first && sending && stored.has(keyOf(sending)))
      yield { rule: 'stored though refused', what: sending.text, events: [sending, refusal] };
  }
}

/** One order for all: whatever came to anybody is what stands there; and each device puts it in order, without a gap. */
function* judgeSeen({ of, truth }: Indexed): Generator<Violation> {
  for (const seen of of('saw', 'applied')) {
    const log = truth.get(seen.conversation);
    // Of a room that was opened by a request without an answer nobody knows.
    if (!log) continue;
    const wanted = log.bySeq.get(seen.seq)?.entry;
    if (seen.entry !== null && seen.entry !== wanted)
      yield {
        rule: 'order',
        what: `${seen.device} has ${seen.entry} where ${wanted} stands`,
        events: [seen],
      };
  }
  const last = new Map<string, { seq: number; event: HistoryEvent }>();
  for (const event of of('began', 'applied')) {
    const key = `${event.device} ${event.conversation}`;
    const before = last.get(key);
    const seq = event.kind === 'began' ? event.after : event.seq;
    last.set(key, { seq, event });
    if (event.kind === 'began' || !before || seq === before.seq + 1) continue;
    yield {
      rule: seq > before.seq ? 'gap' : 'order',
      what: `${event.device} shows ${seq} after ${before.seq}`,
      events: [before.event, event],
    };
  }
}

/** Whoever begins after an answer comes after it: in the log, and in what a reader finds. */
function* judgeFresh({ of, at, sendings, acks }: Indexed): Generator<Violation> {
  const positionOf = (event: HistoryEvent): number => at.get(event) ?? 0;
  const first = new Map<number, EventOf<'acked'>>();
  for (const ack of acks) if (!first.has(ack.op)) first.set(ack.op, ack);
  const conversations = Map.groupBy(first.values(), ack => sendings.get(ack.op)?.conversation ?? '');
  const pages = new Map(of('readLog').map(page => [page.read, page]));
  const readings = Map.groupBy(of('reading'), reading => reading.conversation);
  for (const [conversation, answered] of conversations) {
    /** In the order of answers, the highest `seq` answered so far. */
    const highest: { position: number; ack: EventOf<'acked'> }[] = [];
    for (const ack of answered) {
      const top = highest.at(-1);
      highest.push({ position: positionOf(ack), ack: top && top.ack.seq > ack.seq ? top.ack : ack });
    }
    const before = (event: HistoryEvent) => lastBefore(highest, positionOf(event))?.ack;
    for (const ack of answered) {
      const sending = sendings.get(ack.op);
      const older = sending && before(sending);
      if (older && older.seq >= ack.seq)
        yield {
          rule: 'stale',
          what: `${ack.seq} began after ${older.seq} was answered`,
          events: [older, sending, ack],
        };
    }
    for (const reading of readings.get(conversation) ?? []) {
      const page = pages.get(reading.read);
      const older = before(reading);
      if (page && older && page.head < older.seq)
        yield {
          rule: 'stale',
          what: `read up to ${page.head} after ${older.seq} was answered`,
          events: [older, reading, page],
        };
    }
  }
}

/** Read marks only move forward. */
function* judgeMarks({ of, at }: Indexed): Generator<Violation> {
  const asked = new Map(of('asking').map(ask => [ask.ask, ask]));
  const series = Map.groupBy(of('mark'), mark => {
    const ask = asked.get(mark.ask);
    return `${ask?.account} ${ask?.conversation}`;
  });
  for (const marks of series.values()) {
    const highest: { position: number; mark: EventOf<'mark'> }[] = [];
    for (const mark of marks) {
      const ask = asked.get(mark.ask);
      const older = ask && lastBefore(highest, at.get(ask) ?? 0)?.mark;
      if (older && older.readSeq > mark.readSeq)
        yield {
          rule: 'mark moved back',
          what: `from ${older.readSeq} to ${mark.readSeq}`,
          events: [older, ask, mark],
        };
      const top = highest.at(-1)?.mark;
      highest.push({ position: at.get(mark) ?? 0, mark: top && top.readSeq > mark.readSeq ? top : mark });
    }
  }
}

/** When all is quiet, every device has all there is. */
function* judgeSettled({ of, truth }: Indexed): Generator<Violation> {
  for (const settled of of('settled')) {
    const head = truth.get(settled.conversation)?.head ?? 0;
    if (settled.last !== head)
      yield {
        rule: 'not settled',
        what: `${settled.device} has ${settled.conversation} up to ${settled.last} of ${head}`,
        events: [settled],
      };
  }
}

/** The last of a list, which is in order, that stands before a position. */
function lastBefore<T extends { position: number }>(list: readonly T[], position: number): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

const brief = (numbers: readonly number[]): string =>
  numbers.length > 12 ? `${numbers.slice(0, 12).join(' ')} …` : numbers.join(' ');
