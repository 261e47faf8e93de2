import { frameCount } from './opus.ts';
import type { HeardPacket } from './rtp.ts';

/** A frame this small holds no sound. */
const SOUNDLESS_BYTES = 3;

/** What was heard in one slot so far: the evidence of a listener that decodes nothing. */
export interface SlotReception {
  readonly packets: number;
  readonly frames: number;
  readonly bytes: number;
  /** Packets with sound in them, rather than comfort noise. */
  readonly soundPackets: number;
  /** Sequence numbers never seen. */
  readonly lost: number;
  readonly outOfOrder: number;
  /** Who was heard: packets by contributing source. */
  readonly bySource: ReadonlyMap<number, number>;
  /** Contributing source of the last packet; 0 before any. */
  readonly source: number;
}

/** Counts one slot's packets. */
export class SlotCounter implements SlotReception {
  packets = 0;
  frames = 0;
  bytes = 0;
  soundPackets = 0;
  lost = 0;
  outOfOrder = 0;
  source = 0;
  readonly bySource = new Map<number, number>();
  #highest: number | undefined;

  count(packet: HeardPacket): void {
    this.packets += 1;
    this.bytes += packet.payload.length;
    const frames = frameCount(packet.payload);
    this.frames += frames;
    if (packet.payload.length > SOUNDLESS_BYTES * frames) this.soundPackets += 1;
    this.source = packet.csrc;
    this.bySource.set(packet.csrc, (this.bySource.get(packet.csrc) ?? 0) + 1);
    const step = this.#highest === undefined ? 1 : ((packet.sequence - this.#highest) << 16) >> 16;
    if (step > 0) {
      this.lost += step - 1;
      this.#highest = packet.sequence;
    } else {
      this.outOfOrder += 1;
      if (this.lost > 0) this.lost -= 1;
    }
  }
}
