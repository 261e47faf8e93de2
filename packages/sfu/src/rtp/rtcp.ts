const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const APPLICATION = 204;
/** Name of the application-defined packet that says: this session is over. */
const LEAVING = 'LEAV';
export const RECEIVER_REPORT_BYTES = 32;

/** True when a packet on a multiplexed transport is RTCP and not RTP (RFC 5761 section 4). */
export function isRtcp(packet: Buffer): boolean {
  const type = packet[1];
  return type !== undefined && type >= 192 && type <= 223;
}

/** What of a compound RTCP packet matters here. Filled again and again, like `RtpView`. */
export interface RtcpView {
  /** Middle 32 bits of the sender report's NTP time; 0 without one. */
  senderReport: number;
  /** The sender says that it ends the session. */
  leaving: boolean;
}

/** Reads a compound RTCP packet (RFC 3550 section 6.1). False: malformed. Never throws. */
export function parseRtcp(packet: Buffer, view: RtcpView): boolean {
  let offset = 0;
  view.senderReport = 0;
  view.leaving = false;
  while (offset < packet.length) {
    if (offset + 4 > packet.length) return false;
    if (packet.readUInt8(offset) >> 6 !== 2) return false;
    const bytes = (packet.readUInt16BE(offset + 2) + 1) * 4;
    if (offset + bytes > packet.length) return false;
    const type = packet.readUInt8(offset + 1);
    if (type === SENDER_REPORT) {
      if (bytes < 28) return false;
      view.senderReport = packet.readUInt32BE(offset + 10);
    } else if (type === APPLICATION && bytes >= 12) {
      view.leaving ||= packet.toString('latin1', offset + 8, offset + 12) === LEAVING;
    }
    offset += bytes;
  }
  return packet.length > 0;
}

/**
 * Says that this side ends the session (RFC 3550 section 6.7, application-defined). Not BYE: browsers send that when a
 * track is taken away. And not DTLS alone: the library seldom gets its closing alert out.
 */
export function writeLeaving(ownSsrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x80;
  packet[1] = APPLICATION;
  packet.writeUInt16BE(2, 2);
  packet.writeUInt32BE(ownSsrc, 4);
  packet.write(LEAVING, 8, 'latin1');
  return packet;
}

/** What a receiver report says of one source (RFC 3550 section 6.4.1). */
export interface ReceptionReport {
  readonly ssrc: number;
  /** Lost since the last report, in 1/256. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  readonly jitter: number;
  readonly lastSenderReport: number;
  /** Since that sender report, in 1/65536 s. */
  readonly delaySinceLast: number;
}

export function writeReceiverReport(into: Buffer, ownSsrc: number, report: ReceptionReport): void {
  into[0] = 0x81;
  into[1] = RECEIVER_REPORT;
  into.writeUInt16BE(RECEIVER_REPORT_BYTES / 4 - 1, 2);
  into.writeUInt32BE(ownSsrc, 4);
  into.writeUInt32BE(report.ssrc, 8);
  into[12] = report.fractionLost;
  into.writeIntBE(report.cumulativeLost, 13, 3);
  into.writeUInt32BE(report.highestSequence, 16);
  into.writeUInt32BE(report.jitter, 20);
  into.writeUInt32BE(report.lastSenderReport, 24);
  into.writeUInt32BE(report.delaySinceLast, 28);
}

/** A receiver report about nobody: a sign of life (RFC 3550 section 6.4.2). */
export function writeEmptyReport(ownSsrc: number): Buffer {
  const packet = Buffer.alloc(8);
  packet[0] = 0x80;
  packet[1] = RECEIVER_REPORT;
  packet.writeUInt16BE(1, 2);
  packet.writeUInt32BE(ownSsrc, 4);
  return packet;
}
