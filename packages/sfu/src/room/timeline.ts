import { sequenceDelta, timestampDelta } from '../rtp/wrap.ts';

const CLOCK_PER_MS = 48;
/** A stream that disagrees with the wall clock by more is not believed, and starts anew. */
const MAX_DRIFT_MS = 2_000;
const MAX_SEQUENCE_JUMP = 500;
/** How far back a packet may arrive out of order. */
const REORDER = 32;

export type Placement =
  /** Goes on where the last packet ended. */
  | 'next'
  /** Packets between are missing, or nobody spoke. */
  | 'after_gap'
  /** Another producer, or one that started anew. */
  | 'switched'
  /** Out of order, still useful to those who get single packets. */
  | 'late'
  /** Twice, or too old. */
  | 'refused';

/**
 * One slot's own sequence and timestamps, continuous over all producers that come to hold it (AU-2): listeners'
 * jitter buffers see one stream that never restarts.
 */
export class SlotTimeline {
  sequence: number;
  timestamp: number;
  /** Packets missing before this one, as `place` found. */
  missing = 0;
  #started = false;
  #producer = 0;
  #highestIn = 0;
  #timestampIn = 0;
  #samples = 960;
  #placedAt = 0;
  #highest: number;
  #latest: number;

  constructor(sequence: number, timestamp: number) {
    this.sequence = sequence;
    this.timestamp = timestamp;
    this.#highest = sequence;
    this.#latest = timestamp;
  }

  /** The highest sequence number given out. */
  get latestSequence(): number {
    return this.#highest;
  }

  /**
   * Places a producer's packet of `samples` length; `sequence` and `timestamp` then hold where it goes.
   * `producer` is a number that differs between producers (their CSRC).
   */
  place(producer: number, sequence: number, timestamp: number, samples: number, nowMs: number): Placement {
    this.missing = 0;
    if (!this.#started || producer !== this.#producer) {
      this.#producer = producer;
      return this.#restart(sequence, timestamp, samples, nowMs);
    }
    const steps = sequenceDelta(this.#highestIn, sequence);
    const advance = timestampDelta(this.#timestampIn, timestamp);
    if (steps <= 0 && steps > -REORDER) {
      if (steps === 0 || advance >= 0) return 'refused';
      this.sequence = (this.#highest + steps) & 0xffff;
      this.timestamp = (this.#latest + advance) >>> 0;
      return 'late';
    }
    const drift = Math.abs(advance / CLOCK_PER_MS - (nowMs - this.#placedAt));
    if (steps <= 0 || steps > MAX_SEQUENCE_JUMP || advance <= 0 || drift > MAX_DRIFT_MS) {
      return this.#restart(sequence, timestamp, samples, nowMs);
    }
    const gap = steps > 1 || advance !== this.#samples;
    this.missing = steps - 1;
    this.#advance(steps, advance);
    this.#remember(sequence, timestamp, samples, nowMs);
    return gap ? 'after_gap' : 'next';
  }

  #restart(sequence: number, timestamp: number, samples: number, nowMs: number): Placement {
    const elapsed = this.#started ? Math.round((nowMs - this.#placedAt) * CLOCK_PER_MS) : 0;
    this.#advance(1, Math.max(this.#samples, elapsed));
    this.#started = true;
    this.#remember(sequence, timestamp, samples, nowMs);
    return 'switched';
  }

  #advance(steps: number, samples: number): void {
    this.#highest = (this.#highest + steps) & 0xffff;
    this.#latest = (this.#latest + samples) >>> 0;
    this.sequence = this.#highest;
    this.timestamp = this.#latest;
  }

  #remember(sequence: number, timestamp: number, samples: number, nowMs: number): void {
    this.#highestIn = sequence;
    this.#timestampIn = timestamp;
    this.#samples = samples;
    this.#placedAt = nowMs;
  }
}
