import type { ReceptionReport } from './rtcp.ts';
import { sequenceDelta, timestampDelta } from './wrap.ts';

const CLOCK_PER_MS = 48;
const MAX_LOST = 0x7fffff;
/** A jump this far is a sender that started again, not loss (RFC 3550 appendix A.1, MAX_DROPOUT). */
const RESTART = 3000;

/**
 * Statistics of one incoming stream (RFC 3550 appendix A.3 and A.8), for the receiver reports that make a sender
 * turn on Opus' in-band error correction.
 */
export class Reception {
  #ssrc = 0;
  #started = false;
  #highest = 0;
  #base = 0;
  #received = 0;
  #reportedExpected = 0;
  #reportedReceived = 0;
  #transit = 0;
  #jitter = 0;
  #senderReport = 0;
  #senderReportAt = 0;

  /** Counts one packet. `nowMs` is any steady clock. */
  received(ssrc: number, sequence: number, timestamp: number, nowMs: number): void {
    const delta = sequenceDelta(this.#highest, sequence);
    if (!this.#started || ssrc !== this.#ssrc || delta > RESTART || delta < -RESTART) {
      this.#restart(ssrc, sequence);
      this.#transit = arrival(nowMs) - timestamp;
      return;
    }
    if (delta > 0) this.#highest += delta;
    this.#received += 1;
    const transit = arrival(nowMs) - timestamp;
    const difference = Math.abs(timestampDelta(this.#transit, transit));
    this.#transit = transit;
    this.#jitter += (difference - this.#jitter) / 16;
  }

  senderReport(middle: number, nowMs: number): void {
    this.#senderReport = middle;
    this.#senderReportAt = nowMs;
  }

  /** The report since the last one; undefined when nothing was received yet. */
  report(nowMs: number): ReceptionReport | undefined {
    if (!this.#started) return undefined;
    const expected = this.#highest - this.#base + 1;
    const expectedNow = expected - this.#reportedExpected;
    const lostNow = expectedNow - (this.#received - this.#reportedReceived);
    this.#reportedExpected = expected;
    this.#reportedReceived = this.#received;
    const delay = this.#senderReport === 0 ? 0 : Math.round((nowMs - this.#senderReportAt) * 65.536);
    return {
      ssrc: this.#ssrc,
      fractionLost: lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      cumulativeLost: Math.max(-MAX_LOST, Math.min(MAX_LOST, expected - this.#received)),
      highestSequence: this.#highest >>> 0,
      jitter: Math.min(0xffffffff, Math.floor(this.#jitter)),
      lastSenderReport: this.#senderReport,
      delaySinceLast: Math.min(0xffffffff, Math.max(0, delay)),
    };
  }

  #restart(ssrc: number, sequence: number): void {
    this.#started = true;
    this.#ssrc = ssrc;
    this.#highest = sequence;
    this.#base = sequence;
    this.#received = 1;
    this.#reportedExpected = 0;
    this.#reportedReceived = 0;
    this.#jitter = 0;
  }
}

function arrival(nowMs: number): number {
  return Math.round(nowMs * CLOCK_PER_MS);
}
