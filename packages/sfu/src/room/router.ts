import { randomBytes, randomInt } from 'node:crypto';
import { csrcOf } from '../csrc.ts';
import type { Emitter } from '../emitter.ts';
import { emptyFrameList, frameSamples, parseFrames } from '../opus/toc.ts';
import type { ParticipantId, Producer, ProducerPacket, RoomId, RoomSnapshot } from '../types.ts';
import type { Counters } from './counters.ts';
import { type Clock, type Listener, Listeners, OwnOrder } from './listeners.ts';
import { MAX_PAYLOAD_BYTES, SlotStream } from './slotStream.ts';
import { SlotTable } from './slots.ts';
import { SpeakingMeters } from './speaking.ts';

/** Speaking events: at most 5 a second (AU-10). */
const SPEAKING_EVERY_MS = 200;
/** Without a packet for this long a room needs no clock. */
const IDLE_MS = 6_000;

export type Tap = (participantId: ParticipantId, packet: ProducerPacket) => void;

export interface RouterSurroundings {
  readonly roomId: RoomId;
  readonly slots: number;
  readonly counters: Counters;
  readonly emitter: Emitter;
  /** The router wants `tick` about every 10 ms, until it returns false. */
  readonly wake: (router: Router) => void;
}

/** A room on this node: takes the packets of its producers, wherever they come from, to its listeners. */
export class Router {
  readonly roomId: RoomId;
  readonly #counters: Counters;
  readonly #emitter: Emitter;
  readonly #wake: (router: Router) => void;
  readonly #table: SlotTable;
  readonly #streams: readonly SlotStream[];
  readonly #meters = new SpeakingMeters();
  readonly #listeners = new Listeners();
  readonly #clocks = new Map<Listener, Clock>();
  readonly #producers = new Map<ParticipantId, Producer>();
  readonly #taps = new Set<Tap>();
  readonly #frames = emptyFrameList();
  #awake = false;
  #packetAt = 0;
  #spokenAt = 0;

  constructor({ roomId, slots, counters, emitter, wake }: RouterSurroundings) {
    this.roomId = roomId;
    this.#counters = counters;
    this.#emitter = emitter;
    this.#wake = wake;
    this.#table = new SlotTable(slots);
    const sources = slotSources(slots);
    this.#streams = sources.map(
      (ssrc, index) => new SlotStream(index, ssrc, randomInt(2 ** 32), this.#listeners),
    );
  }

  /** SSRC of each slot, for the answers. */
  get slotSources(): readonly number[] {
    return this.#streams.map(stream => stream.ssrc);
  }

  /** Nobody here, and nothing plugged in: the room may be forgotten. */
  get empty(): boolean {
    return this.#clocks.size === 0 && this.#producers.size === 0 && this.#taps.size === 0;
  }

  snapshot(): RoomSnapshot {
    return { slots: [...this.#table.holders], speaking: this.#meters.reported };
  }

  addListener(listener: Listener, clock: Clock): void {
    if (clock === 'stage') listener.order = this.#ownOrder(clock);
    this.#clocks.set(listener, clock);
    this.#listeners.add(listener, clock);
  }

  removeListener(listener: Listener): void {
    const clock = this.#clocks.get(listener);
    if (clock === undefined) return;
    this.#clocks.delete(listener);
    this.#listeners.remove(listener, clock);
  }

  /** From one clock to the other, without renegotiation and without a gap; what waits is sent first. */
  setClock(listener: Listener, clock: Clock): void {
    const before = this.#clocks.get(listener);
    if (before === undefined || before === clock) return;
    for (const stream of this.#streams) stream.align();
    if (listener.order === null) listener.order = this.#ownOrder(before);
    else listener.order.pauseAll();
    this.#listeners.remove(listener, before);
    this.#listeners.add(listener, clock);
    this.#clocks.set(listener, clock);
  }

  /**
   * A voice of this room. `local`: it came to this node first, so taps get it. One already there under this id gives
   * way to it.
   */
  addProducer(id: ParticipantId, local: boolean): Producer {
    this.#producers.get(id)?.close();
    const csrc = csrcOf(id);
    const producer: Producer = {
      id,
      push: packet => {
        if (this.#producers.get(id) === producer) this.#push(id, csrc, packet, local);
      },
      close: () => {
        if (this.#producers.get(id) !== producer) return;
        this.#producers.delete(id);
        this.#forget(id);
      },
    };
    this.#producers.set(id, producer);
    return producer;
  }

  closeProducers(): void {
    for (const producer of [...this.#producers.values()]) producer.close();
  }

  addTap(tap: Tap): () => void {
    this.#taps.add(tap);
    return () => {
      this.#taps.delete(tap);
    };
  }

  /** Whether it wants more ticks. */
  tick(nowMs: number): boolean {
    let holds = false;
    for (const stream of this.#streams) {
      stream.tick(nowMs);
      holds ||= stream.holds;
    }
    if (nowMs - this.#spokenAt >= SPEAKING_EVERY_MS) {
      this.#spokenAt = nowMs;
      this.#table.sweep(nowMs);
      this.#announceSlots();
      const speakers = this.#meters.report(nowMs);
      if (speakers !== undefined) this.#emitter.emit('speaking', { roomId: this.roomId, speakers });
    }
    this.#awake = holds || nowMs - this.#packetAt < IDLE_MS;
    return this.#awake;
  }

  #push(id: ParticipantId, csrc: number, packet: ProducerPacket, local: boolean): void {
    const frames = this.#frames;
    if (packet.payload.length > MAX_PAYLOAD_BYTES || !parseFrames(packet.payload, frames)) {
      this.#counters.dropped.malformed += 1;
      return;
    }
    const nowMs = performance.now();
    this.#packetAt = nowMs;
    this.#meters.heard(id, packet.level, nowMs);
    const slot = this.#table.heard(id, packet.level, nowMs);
    this.#announceSlots();
    if (local) for (const tap of this.#taps) tap(id, packet);
    const stream = this.#streams[slot];
    if (stream === undefined) this.#counters.dropped.no_slot += 1;
    else if (!stream.push(id, csrc, packet, frameSamples(frames.toc) * frames.count, nowMs)) {
      this.#counters.dropped.late += 1;
    }
    this.#rouse();
  }

  #forget(id: ParticipantId): void {
    this.#table.remove(id);
    this.#meters.remove(id);
    this.#announceSlots();
    this.#rouse();
  }

  #rouse(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#wake(this);
  }

  #announceSlots(): void {
    if (!this.#table.takeChange()) return;
    this.#emitter.emit('slots', { roomId: this.roomId, slots: [...this.#table.holders] });
  }

  #ownOrder(clock: Clock): OwnOrder {
    return new OwnOrder(this.#streams.map(stream => stream.lastSequence(clock)));
  }
}

/** Distinct random SSRCs (RFC 3550 section 8.1). */
function slotSources(count: number): number[] {
  const sources = new Set<number>();
  while (sources.size < count) sources.add(randomBytes(4).readUInt32BE(0) || 1);
  return [...sources];
}
