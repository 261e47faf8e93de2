import type { EventOf, HistoryEvent, Place, TruthEntry } from './events.ts';
import type { Indexed, Violation } from './judge.ts';

/** How long a word may take. */
export interface Patience {
  /** By the bus: RT-9 says 2 s; a busy machine may take longer. */
  graceMs: number;
  /** By the check of every 60 s, where the bus may have lost the word. */
  lossyGraceMs: number;
}

/** Where blocks are kept by withholding. */
const isShared = (place: Place | undefined): boolean => place !== undefined && place !== 'direct';

/** Nothing is written or delivered after a block, a removal or a logout. */
export function* judgeRights(index: Indexed, patience: Patience): Generator<Violation> {
  yield* judgeBlocks(index);
  yield* judgeRemovals(index);
  yield* judgeLogouts(index, patience);
}

/** From the answer to the block to the request that ends it, neither writes to the other, and neither hears the other in a group. */
function* judgeBlocks({ of, at, sendings, acks, truth }: Indexed): Generator<Violation> {
  const spans = spansOf(of('blocked', 'unblocking'), at);
  if (spans.size === 0) return;
  const within = (a: string, b: string, event: HistoryEvent) =>
    spans.get(pairOf(a, b))?.find(span => inside(at, span, event));
  const members = directPairs(sendings.values(), truth);
  for (const ack of acks) {
    const sending = sendings.get(ack.op);
    const pair = sending && members.get(sending.conversation);
    const [one, other] = pair ?? [];
    const span = sending && one && other ? within(one, other, sending) : undefined;
    if (sending && span && inside(at, span, ack))
      yield {
        rule: 'after a block',
        what: `${sending.text} was accepted`,
        events: [span.from, sending, ack],
      };
  }
  const senders = new Map<string, EventOf<'sending'>>();
  for (const ack of acks) {
    const sending = sendings.get(ack.op);
    if (sending && isShared(truth.get(sending.conversation)?.place)) senders.set(ack.id, sending);
  }
  for (const seen of of('saw')) {
    const sending = seen.entry === null ? undefined : senders.get(seen.entry);
    if (!sending || sending.account === seen.account) continue;
    const span = within(sending.account, seen.account, sending);
    if (span && inside(at, span, seen))
      yield {
        rule: 'after a block',
        what: `${sending.text} came to ${seen.device}`,
        events: [span.from, sending, seen],
      };
  }
}

interface Span {
  from: EventOf<'blocked'>;
  to: number;
}

const inside = (at: ReadonlyMap<HistoryEvent, number>, span: Span, event: HistoryEvent): boolean => {
  const position = at.get(event) ?? 0;
  return position > (at.get(span.from) ?? 0) && position < span.to;
};

const pairOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

function spansOf(
  events: readonly (EventOf<'blocked'> | EventOf<'unblocking'>)[],
  at: ReadonlyMap<HistoryEvent, number>,
): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  for (const event of events) {
    const pair = pairOf(event.by, event.whom);
    const list = spans.get(pair) ?? [];
    spans.set(pair, list);
    const open = list.at(-1);
    if (event.kind === 'unblocking' && open) open.to = Math.min(open.to, at.get(event) ?? 0);
    if (event.kind === 'blocked') list.push({ from: event, to: Number.POSITIVE_INFINITY });
  }
  return spans;
}

/** Who the two of each direct conversation are, by who wrote in it or tried to. */
function directPairs(sendings: Iterable<EventOf<'sending'>>, truth: Indexed['truth']): Map<string, string[]> {
  const pairs = new Map<string, Set<string>>();
  for (const { conversation, account } of sendings) {
    if (isShared(truth.get(conversation)?.place)) continue;
    const pair = pairs.get(conversation) ?? new Set();
    pairs.set(conversation, pair.add(account));
  }
  return new Map(Array.from(pairs, ([conversation, pair]) => [conversation, [...pair]]));
}

/** Of a group one has what happened from one's coming to one's going, by the group's own log. */
function* judgeRemovals({ of, truth }: Indexed): Generator<Violation> {
  const memberships = new Map<string, Map<string, [number, number][]>>();
  for (const [conversation, { place, bySeq }] of truth)
    if (place === 'group') memberships.set(conversation, membershipsOf([...bySeq.values()]));
  for (const seen of of('saw')) {
    const spans = memberships.get(seen.conversation);
    if (!spans) continue;
    const mine = spans.get(seen.account) ?? [];
    if (mine.some(([from, to]) => seen.seq >= from && seen.seq <= to)) continue;
    yield {
      rule: 'after a removal',
      what: `${seen.device} got ${seen.seq}, and was in the group from ${mine.map(span => span.join(' to ')).join(', ') || 'never'}`,
      events: [seen],
    };
  }
}

function membershipsOf(entries: readonly TruthEntry[]): Map<string, [number, number][]> {
  const spans = new Map<string, [number, number][]>();
  for (const { seq, people } of entries.toSorted((a, b) => a.seq - b.seq))
    for (const account of people?.accounts ?? []) {
      const list = spans.get(account) ?? [];
      spans.set(account, list);
      const open = list.at(-1);
      const isIn = open !== undefined && open[1] === Number.POSITIVE_INFINITY;
      if (people?.change === 'removed' || people?.change === 'left') {
        if (isIn) open[1] = seq;
      } else if (!isIn) list.push([seq, Number.POSITIVE_INFINITY]);
    }
  return spans;
}

function* judgeLogouts({ of }: Indexed, { graceMs, lossyGraceMs }: Patience): Generator<Violation> {
  const ended = new Map(of('signedOut').map(event => [event.device, event]));
  if (ended.size === 0) return;
  const faults = of('fault', 'mended').filter(event => event.kind === 'mended' || event.lossy);
  for (const late of of('heardAfter', 'letInAfter')) {
    const end = ended.get(late.device);
    if (!end) continue;
    const grace = lossyBetween(faults, end.t, end.t + graceMs) ? lossyGraceMs : graceMs;
    if (late.t > end.t + grace)
      yield { rule: 'after a logout', what: `${late.what}, ${late.t - end.t} ms after`, events: [end, late] };
  }
}

/** Whether the bus could lose a word at some moment of a time. */
export function lossyBetween(
  faults: readonly (EventOf<'fault'> | EventOf<'mended'>)[],
  from: number,
  to: number,
): boolean {
  const running = new Set<string>();
  for (const event of faults) {
    if (event.t > to) break;
    if (event.kind === 'fault') running.add(event.what);
    else if (event.t < from) running.delete(event.what);
  }
  return running.size > 0;
}
