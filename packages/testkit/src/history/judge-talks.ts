import type { EventOf, HistoryEvent } from './events.ts';
import type { Indexed, Violation } from './judge.ts';
import { lossyBetween, type Patience } from './judge-rights.ts';

/** What the talks of rooms promise (BC-3): they are theirs who are there, while they are, as the moderators have it. */
export function* judgeTalks(index: Indexed, patience: Patience): Generator<Violation> {
  const written = writtenIn(index);
  yield* judgeAbsences(index, patience, written);
  yield* judgeSwitches(index, written);
  yield* judgeEnds(index, written);
  for (const event of index.of('intruded'))
    yield { rule: 'outside', what: `${event.account} was let in, and was kept out`, events: [event] };
}

/** A message with its first answer. */
interface Written {
  sending: EventOf<'sending'>;
  ack: EventOf<'acked'>;
}

/** The acknowledged messages of each talk, in the order of their sending. */
function writtenIn({ at, acks, sendings, truth }: Indexed): Map<string, Written[]> {
  const first = new Map<number, EventOf<'acked'>>();
  for (const ack of acks) if (!first.has(ack.op)) first.set(ack.op, ack);
  const talks = new Map<string, Written[]>();
  for (const [op, ack] of first) {
    const sending = sendings.get(op);
    const place = sending && truth.get(sending.conversation)?.place;
    if (!sending || (place !== 'room' && place !== 'stage')) continue;
    const list = talks.get(sending.conversation) ?? [];
    talks.set(sending.conversation, list);
    list.push({ sending, ack });
  }
  for (const list of talks.values()) list.sort((a, b) => (at.get(a.sending) ?? 0) - (at.get(b.sending) ?? 0));
  return talks;
}

/** From the answer by which somebody is out to the request that may bring them in again. */
interface Absence {
  out: EventOf<'out'> | null;
  /** From here on nothing that begins may work, ms. */
  surely: number;
  from: number;
  to: number;
}

const isIn = ({ from, to }: Absence, position: number): boolean => position > from && position < to;

/** Who is out neither writes nor reads, and soon hears nothing; what the stage wrote meanwhile never comes to them. */
function* judgeAbsences(
  index: Indexed,
  patience: Patience,
  written: ReadonlyMap<string, readonly Written[]>,
): Generator<Violation> {
  const { of, at, truth } = index;
  const positionOf = (event: HistoryEvent): number => at.get(event) ?? 0;
  const faults = of('fault', 'mended').filter(event => event.kind === 'mended' || event.lossy);
  const graceOf = (out: EventOf<'out'>): number =>
    lossyBetween(faults, out.t, out.t + patience.graceMs) ? patience.lossyGraceMs : patience.graceMs;
  const absences = new Map<string, Absence[]>();
  for (const event of of('in', 'out')) {
    const key = `${event.account} ${event.conversation}`;
    const list = absences.get(key) ?? [{ out: null, surely: 0, from: -1, to: Number.POSITIVE_INFINITY }];
    absences.set(key, list);
    const open = list.at(-1);
    if (event.kind === 'in') {
      if (open) open.to = Math.min(open.to, positionOf(event));
    } else if (!open || open.to < Number.POSITIVE_INFINITY)
      list.push({
        out: event,
        surely: event.soon ? event.t + graceOf(event) : event.t,
        from: positionOf(event),
        to: Number.POSITIVE_INFINITY,
      });
    // Out already, and now kept out.
    else if (event.forGood && event.t >= open.surely) {
      open.to = positionOf(event);
      list.push({ out: event, surely: event.t, from: positionOf(event), to: Number.POSITIVE_INFINITY });
    }
  }
  const always: Absence = { out: null, surely: 0, from: -1, to: Number.POSITIVE_INFINITY };
  const absencesOf = (account: string, conversation: string): Absence[] =>
    absences.get(`${account} ${conversation}`) ?? [always];
  const shows = ({ out }: Absence, ...events: HistoryEvent[]) => (out ? [out, ...events] : events);

  for (const [conversation, messages] of written)
    for (const { sending, ack } of messages) {
      const absence = absencesOf(sending.account, conversation).find(
        each => isIn(each, positionOf(sending)) && isIn(each, positionOf(ack)) && sending.t >= each.surely,
      );
      if (absence)
        yield {
          rule: 'outside',
          what: `${sending.text} was accepted`,
          events: shows(absence, sending, ack),
        };
    }

  const bySeq = new Map(
    Array.from(written, ([conversation, messages]) => [
      conversation,
      new Map(messages.map(message => [message.ack.seq, message])),
    ]),
  );
  for (const seen of of('saw')) {
    const place = truth.get(seen.conversation)?.place;
    if (place !== 'room' && place !== 'stage') continue;
    const message = bySeq.get(seen.conversation)?.get(seen.seq);
    const late = (absence: Absence): string | null => {
      const { out, surely } = absence;
      const asked = seen.since !== undefined && seen.since > surely;
      const told = out !== null && seen.since === undefined && seen.t > out.t + graceOf(out);
      if (isIn(absence, positionOf(seen))) {
        if (asked) return 'asked for when they were out';
        if (told || out === null) return 'told when they were out';
      }
      if (place === 'stage' && message && wasMeanwhile(absence, message))
        return 'written on the stage when they were off it';
      if (out?.forGood && message && message.ack.t < out.asked && positionOf(seen) > absence.from)
        if (asked || told) return 'written before they were removed';
      return null;
    };
    const wasMeanwhile = (absence: Absence, { sending, ack }: Written): boolean =>
      isIn(absence, positionOf(sending)) && isIn(absence, positionOf(ack)) && sending.t >= absence.surely;
    for (const absence of absencesOf(seen.account, seen.conversation)) {
      const why = late(absence);
      if (why === null) continue;
      yield {
        rule: 'outside',
        what: `${seen.device} got ${seen.seq}: ${why}`,
        events: shows(absence, ...(message ? [message.sending, message.ack] : []), seen),
      };
      break;
    }
  }
}

/** Clocks of two processes on one machine, ms. */
const clockMs = 50;

/** A talk that is off takes nothing, a slow one a message in so many seconds from each; but for who moderates. */
function* judgeSwitches(
  { of, at }: Indexed,
  written: ReadonlyMap<string, readonly Written[]>,
): Generator<Violation> {
  const positionOf = (event: HistoryEvent): number => at.get(event) ?? 0;
  const changes = Map.groupBy(of('moderating', 'moderated'), event => event.conversation);
  for (const [conversation, list] of changes)
    for (const [n, is] of list.entries()) {
      if (is.kind === 'moderating' || (is.on && is.slowSeconds === 0)) continue;
      const next = list[n + 1];
      const to = next ? positionOf(next) : Number.POSITIVE_INFINITY;
      const meanwhile = (written.get(conversation) ?? []).filter(
        ({ sending, ack }) =>
          sending.account !== is.by && positionOf(sending) > positionOf(is) && positionOf(ack) < to,
      );
      if (!is.on)
        for (const { sending, ack } of meanwhile)
          yield {
            rule: 'while off',
            what: `${sending.text} was accepted`,
            events: [is, sending, ack],
          };
      for (const own of Map.groupBy(meanwhile, ({ sending }) => sending.account).values())
        for (const [m, { sending, ack }] of own.entries()) {
          const before = own[m - 1];
          if (!before || ack.t - before.sending.t + clockMs >= is.slowSeconds * 1000) continue;
          yield {
            rule: 'too fast',
            what: `${sending.text} was accepted ${ack.t - before.sending.t} ms after another`,
            events: [is, before.sending, sending, ack],
          };
        }
    }
}

/** The room is over: both logs say so once, and take no more. */
function* judgeEnds(
  { of, at, truth }: Indexed,
  written: ReadonlyMap<string, readonly Written[]>,
): Generator<Violation> {
  for (const ended of of('ended')) {
    const log = truth.get(ended.conversation);
    const entries = [...(log?.bySeq.values() ?? [])];
    const frozen = entries.filter(({ entry }) => entry.startsWith('frozen '));
    const [end] = frozen;
    if (log && (!end || frozen.length > 1))
      yield {
        rule: end ? 'doubled' : 'lost',
        what: `the end of ${ended.conversation} stands ${frozen.length} times in its log`,
        events: [ended],
      };
    const late = end && entries.find(({ seq, clientId }) => seq > end.seq && clientId !== undefined);
    if (end && late)
      yield {
        rule: 'after the end',
        what: `${late.text} stands at ${late.seq}, the end at ${end.seq}`,
        events: [ended],
      };
    for (const { sending, ack } of written.get(ended.conversation) ?? [])
      if ((at.get(sending) ?? 0) > (at.get(ended) ?? 0))
        yield { rule: 'after the end', what: `${sending.text} was accepted`, events: [ended, sending, ack] };
  }
}
