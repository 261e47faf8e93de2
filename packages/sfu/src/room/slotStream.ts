import { Packer } from '../opus/packing.ts';
import { SLOT_HEADER_BYTES, writeRtpHeader } from '../rtp/packet.ts';
import type { ParticipantId, ProducerPacket } from '../types.ts';
import type { Clock, Listeners } from './listeners.ts';
import { SlotTimeline } from './timeline.ts';

/** Largest payload that is forwarded; larger ones are refused at the uplink. */
export const MAX_PAYLOAD_BYTES = 1_280;
/** Frames wait at most this long for the others of their packet (AU-3). */
const HOLD_MS = 40;

/** One slot of a room: an SSRC, and what listeners of either clock get in it. */
export class SlotStream {
  readonly index: number;
  readonly ssrc: number;
  readonly #listeners: Listeners;
  readonly #timeline: SlotTimeline;
  readonly #packer: Packer;
  readonly #bytes = Buffer.alloc(SLOT_HEADER_BYTES + MAX_PAYLOAD_BYTES);
  #speaker: ParticipantId = '';
  #csrc = 0;
  #packedSequence: number;
  #packedMarker = true;
  #heldSince = 0;

  constructor(index: number, ssrc: number, start: number, listeners: Listeners) {
    this.index = index;
    this.ssrc = ssrc;
    this.#listeners = listeners;
    this.#packedSequence = start & 0xffff;
    this.#timeline = new SlotTimeline(start & 0xffff, start >>> 0);
    this.#packer = new Packer((payload, timestamp) => {
      this.#packedSequence = (this.#packedSequence + 1) & 0xffff;
      this.#emit('audience', payload, this.#packedMarker, this.#packedSequence, timestamp);
      this.#packedMarker = false;
    });
  }

  /** The sequence number sent last to those who have no order of their own. */
  lastSequence(clock: Clock): number {
    return clock === 'stage' ? this.#timeline.latestSequence : this.#packedSequence;
  }

  /** True while frames wait for more. */
  get holds(): boolean {
    return this.#packer.pending > 0;
  }

  /** Forwards one packet. False: it came twice or too late, and nobody gets it. */
  push(
    speaker: ParticipantId,
    csrc: number,
    packet: ProducerPacket,
    samples: number,
    nowMs: number,
  ): boolean {
    if (csrc !== this.#csrc) {
      this.#packer.flush();
      this.#csrc = csrc;
      this.#speaker = speaker;
    }
    const timeline = this.#timeline;
    const placement = timeline.place(csrc, packet.sequence, packet.timestamp, samples, nowMs);
    if (placement === 'refused') return false;
    const { sequence, timestamp } = timeline;
    const switched = placement === 'switched';
    this.#emit('stage', packet.payload, switched, sequence, timestamp);
    if (placement === 'late') return true;
    if (placement !== 'next') {
      this.#packer.flush();
      if (switched) this.#packedMarker = true;
      // A listener of packed audio sees that something is missing, too.
      if (timeline.missing > 0) this.#packedSequence = (this.#packedSequence + 1) & 0xffff;
    }
    const held = this.#packer.pending > 0;
    this.#packer.push(packet.payload, timestamp);
    if (!held && this.#packer.pending > 0) this.#heldSince = nowMs;
    return true;
  }

  /** Sends out frames that have waited long enough. */
  tick(nowMs: number): void {
    if (this.#packer.pending > 0 && nowMs - this.#heldSince >= HOLD_MS) this.#packer.flush();
  }

  /** Both clocks stand at the same place after this: where somebody may go from one to the other. */
  align(): void {
    this.#packer.flush();
  }

  #emit(clock: Clock, payload: Uint8Array, marker: boolean, sequence: number, timestamp: number): void {
    writeRtpHeader(this.#bytes, 0, marker, sequence, timestamp, this.ssrc, this.#csrc);
    this.#bytes.set(payload, SLOT_HEADER_BYTES);
    this.#listeners.broadcast(clock, {
      bytes: this.#bytes.subarray(0, SLOT_HEADER_BYTES + payload.length),
      slot: this.index,
      marker,
      sequence,
      timestamp,
      speaker: this.#speaker,
    });
  }
}
