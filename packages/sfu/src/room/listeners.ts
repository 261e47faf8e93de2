import { patchOrder, patchPayloadType } from '../rtp/packet.ts';
import { sequenceDelta } from '../rtp/wrap.ts';
import type { ParticipantId } from '../types.ts';

/** `stage`: 20 ms packets as they come. `audience`: packed up to 60 ms (AU-3). */
export type Clock = 'stage' | 'audience';

/** Somebody who hears the room. */
export interface Listener {
  readonly participantId: ParticipantId;
  readonly payloadType: number;
  /** Null: gets the very bytes that all of its payload type get. */
  order: OwnOrder | null;
  send(slot: number, packet: Buffer): void;
}

/** A packet on its way to all listeners of one clock; `bytes` is patched in place, and copied by whoever keeps it. */
export interface Outgoing {
  readonly bytes: Buffer;
  readonly slot: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  /** Who speaks: never hears it. */
  readonly speaker: ParticipantId;
}

/**
 * Sequence numbers of one listener's own, without a gap where packets were not meant for it: while it held the slot
 * itself, or when it went from one clock to the other (AU-2).
 */
export class OwnOrder {
  readonly #last: Uint16Array;
  readonly #offset: Uint16Array;
  readonly #since: Uint16Array;
  readonly #live: Uint8Array;

  /** `last` are the sequence numbers this listener has seen last, by slot. */
  constructor(last: ArrayLike<number>) {
    this.#last = Uint16Array.from(last);
    this.#offset = new Uint16Array(last.length);
    this.#since = new Uint16Array(last.length);
    this.#live = new Uint8Array(last.length);
  }

  /** This listener's number for the slot's `sequence`; -1 when the packet is from before it listened. */
  next(slot: number, sequence: number): number {
    if (this.#live[slot] !== 1) {
      this.#live[slot] = 1;
      this.#since[slot] = sequence;
      this.#offset[slot] = (this.#last[slot] ?? 0) + 1 - sequence;
    } else if (sequenceDelta(this.#since[slot] ?? 0, sequence) < 0) return -1;
    const own = (sequence + (this.#offset[slot] ?? 0)) & 0xffff;
    const last = this.#last[slot] ?? 0;
    if (sequenceDelta(last, own) > 0) this.#last[slot] = own;
    this.#since[slot] = follow(this.#since[slot] ?? 0, sequence);
    return own;
  }

  /** What comes next in this slot follows at once on what was sent last. */
  pause(slot: number): void {
    this.#live[slot] = 0;
  }

  pauseAll(): void {
    this.#live.fill(0);
  }
}

/** Keeps the start within half the circle of what is current, so that it never looks to be ahead. */
function follow(since: number, sequence: number): number {
  return sequenceDelta(since, sequence) > 0x3fff ? (sequence - 0x1fff) & 0xffff : since;
}

/** The listeners of a room, by clock and payload type: a packet is built once for each pair. */
export class Listeners {
  readonly #byClock: Record<Clock, Map<number, Listener[]>> = { stage: new Map(), audience: new Map() };

  count(clock: Clock): number {
    let count = 0;
    for (const group of this.#byClock[clock].values()) count += group.length;
    return count;
  }

  add(listener: Listener, clock: Clock): void {
    const group = this.#byClock[clock].get(listener.payloadType);
    if (group === undefined) this.#byClock[clock].set(listener.payloadType, [listener]);
    else group.push(listener);
  }

  remove(listener: Listener, clock: Clock): void {
    const group = this.#byClock[clock].get(listener.payloadType);
    const index = group?.indexOf(listener) ?? -1;
    if (group === undefined || index < 0) return;
    const last = group.pop();
    if (last !== undefined && last !== listener) group[index] = last;
    if (group.length === 0) this.#byClock[clock].delete(listener.payloadType);
  }

  broadcast(clock: Clock, out: Outgoing): void {
    for (const [payloadType, group] of this.#byClock[clock]) {
      patchPayloadType(out.bytes, payloadType, out.marker);
      for (const listener of group) {
        if (listener.participantId === out.speaker) listener.order?.pause(out.slot);
        else if (listener.order === null) listener.send(out.slot, out.bytes);
        else sendInOwnOrder(listener, listener.order, out);
      }
    }
  }
}

function sendInOwnOrder(listener: Listener, order: OwnOrder, out: Outgoing): void {
  const own = order.next(out.slot, out.sequence);
  if (own < 0) return;
  patchOrder(out.bytes, own, out.timestamp);
  listener.send(out.slot, out.bytes);
  patchOrder(out.bytes, out.sequence, out.timestamp);
}
