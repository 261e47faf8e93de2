import {
  configuration,
  emptyFrameList,
  type FrameList,
  frameSamples,
  MAX_FRAMES,
  parseFrames,
  SAMPLES_PER_MS,
  sizeBytes,
  writeSize,
} from './toc.ts';

/** What a packed packet holds at most. */
export const PACKED_SAMPLES = 60 * SAMPLES_PER_MS;
/** Fits an MTU of 1280 with the headers of IP, UDP, SRTP and the slot. */
export const PACKED_BYTES = 1150;
/** A payload this small is a comfort-noise or "nothing changed" frame (DTX): it goes alone, as it is. */
const DTX_BYTES = 2;

/** `payload` is only valid during the call. */
export type PackedSink = (payload: Uint8Array, timestamp: number, samples: number, frames: number) => void;

export type PackResult = 'taken' | 'malformed';

/**
 * Joins consecutive Opus frames of one configuration into packets of up to 60 ms, without decoding (AU-3; RFC 6716
 * section 3.2.5, code 3, variable size). What cannot be joined goes out alone, byte for byte as it came. Every frame
 * goes out once, in order.
 */
export class Packer {
  readonly #sink: PackedSink;
  readonly #frames: FrameList = emptyFrameList();
  readonly #held = new Uint8Array(PACKED_BYTES);
  readonly #sizes = new Uint16Array(MAX_FRAMES);
  readonly #out = new Uint8Array(PACKED_BYTES);
  #heldBytes = 0;
  #sizeBytes = 0;
  #count = 0;
  #toc = 0;
  #timestamp = 0;
  #samples = 0;

  constructor(sink: PackedSink) {
    this.#sink = sink;
  }

  /** Frames waiting for more of their kind. */
  get pending(): number {
    return this.#count;
  }

  /** Takes one packet of the slot's stream; calls the sink when something is ready. */
  push(payload: Uint8Array, timestamp: number): PackResult {
    const frames = this.#frames;
    if (!parseFrames(payload, frames)) return 'malformed';
    const each = frameSamples(frames.toc);
    const samples = each * frames.count;
    if (this.#count > 0 && !this.#joins(frames, timestamp, samples)) this.flush();
    if (payload.length <= DTX_BYTES || samples + each > PACKED_SAMPLES || !this.#fits(frames)) {
      this.flush();
      this.#sink(payload, timestamp, samples, frames.count);
      return 'taken';
    }
    this.#hold(payload, timestamp, samples);
    if (this.#samples + each > PACKED_SAMPLES) this.flush();
    return 'taken';
  }

  /** Sends out what waits: at a gap, a change of producer, or after waiting long enough. */
  flush(): void {
    if (this.#count === 0) return;
    const length = this.#count === 1 ? this.#writeSingle() : this.#writeMany();
    const frames = this.#count;
    const samples = this.#samples;
    this.#count = 0;
    this.#samples = 0;
    this.#heldBytes = 0;
    this.#sizeBytes = 0;
    this.#sink(this.#out.subarray(0, length), this.#timestamp, samples, frames);
  }

  #joins(frames: FrameList, timestamp: number, samples: number): boolean {
    return (
      configuration(frames.toc) === configuration(this.#toc) &&
      timestamp >>> 0 === (this.#timestamp + this.#samples) >>> 0 &&
      this.#samples + samples <= PACKED_SAMPLES &&
      this.#count + frames.count <= MAX_FRAMES &&
      this.#fits(frames)
    );
  }

  #fits(frames: FrameList): boolean {
    let bytes = 2 + this.#heldBytes + this.#sizeBytes;
    for (let index = 0; index < frames.count; index += 1) {
      const size = frames.lengths[index] ?? 0;
      bytes += size + sizeBytes(size);
    }
    return bytes <= PACKED_BYTES;
  }

  #hold(payload: Uint8Array, timestamp: number, samples: number): void {
    const frames = this.#frames;
    if (this.#count === 0) {
      this.#toc = frames.toc;
      this.#timestamp = timestamp;
    }
    for (let index = 0; index < frames.count; index += 1) {
      const start = frames.starts[index] ?? 0;
      const size = frames.lengths[index] ?? 0;
      this.#held.set(payload.subarray(start, start + size), this.#heldBytes);
      this.#sizes[this.#count] = size;
      this.#heldBytes += size;
      this.#sizeBytes += sizeBytes(size);
      this.#count += 1;
    }
    this.#samples += samples;
  }

  #writeSingle(): number {
    this.#out[0] = this.#toc & 0xfc;
    this.#out.set(this.#held.subarray(0, this.#heldBytes), 1);
    return 1 + this.#heldBytes;
  }

  #writeMany(): number {
    this.#out[0] = this.#toc | 3;
    this.#out[1] = 0x80 | this.#count;
    let offset = 2;
    for (let index = 0; index < this.#count - 1; index += 1) {
      offset = writeSize(this.#out, offset, this.#sizes[index] ?? 0);
    }
    this.#out.set(this.#held.subarray(0, this.#heldBytes), offset);
    return offset + this.#heldBytes;
  }
}
