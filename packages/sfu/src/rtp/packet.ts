/** Fixed part of an RTP header (RFC 3550 section 5.1). */
export const RTP_HEADER_BYTES = 12;

/** Where things are in a received RTP packet. One object is filled again and again: nothing is allocated. */
export interface RtpView {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** Header extension profile (RFC 3550 section 5.3.1), or -1 when there is none. */
  extensionProfile: number;
  extensionStart: number;
  extensionEnd: number;
  payloadStart: number;
  /** Padding is already left out. */
  payloadEnd: number;
}

export function emptyRtpView(): RtpView {
  return {
    payloadType: 0,
    marker: false,
    sequence: 0,
    timestamp: 0,
    ssrc: 0,
    extensionProfile: -1,
    extensionStart: 0,
    extensionEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
  };
}

/** Reads an RTP packet into `view`. False: malformed, and `view` must not be used. Never throws. */
export function parseRtp(packet: Buffer, view: RtpView): boolean {
  const length = packet.length;
  if (length < RTP_HEADER_BYTES) return false;
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) return false;
  const second = packet.readUInt8(1);
  view.marker = second >= 0x80;
  view.payloadType = second & 0x7f;
  view.sequence = packet.readUInt16BE(2);
  view.timestamp = packet.readUInt32BE(4);
  view.ssrc = packet.readUInt32BE(8);
  let offset = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (offset > length) return false;
  view.extensionProfile = -1;
  if (first & 0x10) {
    if (offset + 4 > length) return false;
    view.extensionProfile = packet.readUInt16BE(offset);
    view.extensionStart = offset + 4;
    view.extensionEnd = offset + 4 + packet.readUInt16BE(offset + 2) * 4;
    offset = view.extensionEnd;
    if (offset > length) return false;
  }
  let end = length;
  if (first & 0x20) {
    const padding = packet.readUInt8(length - 1);
    if (padding === 0) return false;
    end -= padding;
  }
  if (offset > end) return false;
  view.payloadStart = offset;
  view.payloadEnd = end;
  return true;
}

/** Bytes of the header `writeRtpHeader` writes: the fixed part and one CSRC. */
export const SLOT_HEADER_BYTES = RTP_HEADER_BYTES + 4;

/** Writes a slot's header: version 2, one CSRC naming the speaker, no extension, no padding. */
export function writeRtpHeader(
  into: Buffer,
  payloadType: number,
  marker: boolean,
  sequence: number,
  timestamp: number,
  ssrc: number,
  csrc: number,
): void {
  into[0] = 0x81;
  into[1] = (marker ? 0x80 : 0) | payloadType;
  patchOrder(into, sequence, timestamp);
  into.writeUInt32BE(ssrc, 8);
  into.writeUInt32BE(csrc, 12);
}

/** Rewrites only what differs between two listeners of one payload type. */
export function patchOrder(into: Buffer, sequence: number, timestamp: number): void {
  into[2] = sequence >>> 8;
  into[3] = sequence;
  into[4] = timestamp >>> 24;
  into[5] = timestamp >>> 16;
  into[6] = timestamp >>> 8;
  into[7] = timestamp;
}

/** Rewrites the second byte: payload types differ between browsers (Chromium 111, Firefox 109). */
export function patchPayloadType(into: Buffer, payloadType: number, marker: boolean): void {
  into[1] = (marker ? 0x80 : 0) | payloadType;
}
