import type { Counters } from './room/counters.ts';
import { Limit } from './room/limit.ts';
import { MAX_PAYLOAD_BYTES } from './room/slotStream.ts';
import { readLevel, SILENT } from './rtp/level.ts';
import { emptyRtpView, parseRtp } from './rtp/packet.ts';
import { Reception } from './rtp/reception.ts';
import { isRtcp, parseRtcp, RECEIVER_REPORT_BYTES, type RtcpView, writeReceiverReport } from './rtp/rtcp.ts';
import type { ProducerPacket } from './types.ts';

/** 10 ms packets, the shortest browsers send, with room for bursts after a stall. */
const PACKETS_PER_SECOND = 110;
const PACKET_BURST = 200;
/** 200 kbit/s: five times what the answer asks for. */
const BYTES_PER_SECOND = 25_000;
const BYTE_BURST = 50_000;
const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + 220;
/** So many packets over the limit within a second are an attack on the one JavaScript thread. */
const FLOOD_PER_SECOND = 1_000;
/** Taken for a client that sends no levels: quiet speech. */
const UNKNOWN_LEVEL = 40;
const DTX_BYTES = 3;
const NOTHING: Uint8Array = new Uint8Array(0);

export interface UplinkTerms {
  readonly payloadType: number;
  readonly levelExtension: number | undefined;
  readonly counters: Counters;
  readonly heard: (packet: ProducerPacket) => void;
  readonly flooding: () => void;
  readonly leaving: () => void;
}

/** What a client sends: bounded, checked, and heard only while it may speak (AU-4). Allocates nothing but the view of the payload. */
export class Uplink {
  readonly #terms: UplinkTerms;
  readonly #packets: Limit;
  readonly #bytes: Limit;
  readonly #view = emptyRtpView();
  readonly #rtcp: RtcpView = { senderReport: 0, leaving: false };
  readonly #reception = new Reception();
  readonly #report = Buffer.alloc(RECEIVER_REPORT_BYTES);
  /** Filled anew for each packet: those who get it do not keep it. */
  readonly #packet = { sequence: 0, timestamp: 0, level: SILENT, payload: NOTHING };
  #maySpeak: boolean;
  #overAt = 0;
  #over = 0;
  /** When a packet last came, or the right to speak did. */
  #aliveAt: number;
  #silenceTold = false;

  constructor(terms: UplinkTerms, maySpeak: boolean, nowMs: number) {
    this.#terms = terms;
    this.#maySpeak = maySpeak;
    this.#aliveAt = nowMs;
    this.#packets = new Limit(PACKETS_PER_SECOND, PACKET_BURST, nowMs);
    this.#bytes = new Limit(BYTES_PER_SECOND, BYTE_BURST, nowMs);
  }

  get maySpeak(): boolean {
    return this.#maySpeak;
  }

  permit(maySpeak: boolean, nowMs: number): void {
    if (maySpeak && !this.#maySpeak) this.expectPackets(nowMs);
    this.#maySpeak = maySpeak;
  }

  /** The time without packets counts from now. */
  expectPackets(nowMs: number): void {
    this.#aliveAt = nowMs;
    this.#silenceTold = false;
  }

  /** True once when it may speak and nothing has come for `silenceMs`. */
  silentFor(silenceMs: number, nowMs: number): boolean {
    if (!this.#maySpeak || this.#silenceTold || nowMs - this.#aliveAt < silenceMs) return false;
    this.#silenceTold = true;
    return true;
  }

  receive(bytes: Buffer, nowMs: number): void {
    const { counters } = this.#terms;
    counters.packetsIn += 1;
    counters.bytesIn += bytes.length;
    if (bytes.length > MAX_PACKET_BYTES) {
      counters.dropped.oversized += 1;
      this.#countOver(nowMs);
    } else if (!this.#packets.take(1, nowMs) || !this.#bytes.take(bytes.length, nowMs)) {
      counters.dropped.rate += 1;
      this.#countOver(nowMs);
    } else if (isRtcp(bytes)) this.#receiveRtcp(bytes, nowMs);
    else this.#receiveRtp(bytes, nowMs);
  }

  /** The receiver report that is due, only valid until the next; undefined before any packet came. */
  report(ownSsrc: number, nowMs: number): Buffer | undefined {
    const report = this.#reception.report(nowMs);
    if (report === undefined) return undefined;
    writeReceiverReport(this.#report, ownSsrc, report);
    return this.#report;
  }

  #receiveRtcp(bytes: Buffer, nowMs: number): void {
    const view = this.#rtcp;
    if (!parseRtcp(bytes, view)) {
      this.#terms.counters.dropped.malformed += 1;
      return;
    }
    if (view.senderReport > 0) this.#reception.senderReport(view.senderReport, nowMs);
    if (view.leaving) this.#terms.leaving();
  }

  #receiveRtp(bytes: Buffer, nowMs: number): void {
    const { counters, payloadType, heard } = this.#terms;
    const view = this.#view;
    if (!parseRtp(bytes, view) || view.payloadEnd === view.payloadStart) {
      counters.dropped.malformed += 1;
      return;
    }
    if (view.payloadType !== payloadType) {
      counters.dropped.payload_type += 1;
      return;
    }
    this.#reception.received(view.ssrc, view.sequence, view.timestamp, nowMs);
    this.#aliveAt = nowMs;
    this.#silenceTold = false;
    if (!this.#maySpeak) {
      counters.dropped.not_permitted += 1;
      return;
    }
    const packet = this.#packet;
    packet.sequence = view.sequence;
    packet.timestamp = view.timestamp;
    packet.payload = bytes.subarray(view.payloadStart, view.payloadEnd);
    packet.level = this.#level(bytes);
    heard(packet);
  }

  #level(bytes: Buffer): number {
    const { levelExtension } = this.#terms;
    const level = levelExtension === undefined ? -1 : readLevel(bytes, this.#view, levelExtension);
    if (level >= 0) return level;
    return this.#view.payloadEnd - this.#view.payloadStart <= DTX_BYTES ? SILENT : UNKNOWN_LEVEL;
  }

  #countOver(nowMs: number): void {
    if (nowMs - this.#overAt >= 1_000) {
      this.#overAt = nowMs;
      this.#over = 0;
    }
    this.#over += 1;
    if (this.#over > FLOOD_PER_SECOND) this.#terms.flooding();
  }
}
