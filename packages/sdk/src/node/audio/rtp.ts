/** A packet heard in a slot. `payload` is the receiver's to keep. */
export interface HeardPacket {
  readonly slot: number;
  readonly ssrc: number;
  /** Contributing source naming the speaker; 0 when there is none. */
  readonly csrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly payload: Buffer;
  /** The whole RTP packet, as it came. */
  readonly bytes: Buffer;
}

const HEADER_BYTES = 20;
const ONE_BYTE_PROFILE = 0xbede;

/** An RTP packet (RFC 3550) with the audio level (RFC 6464) as a one-byte header extension (RFC 8285). */
export function writeRtp(fields: {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly levelExtension: number;
  readonly level: number;
  readonly payload: Uint8Array;
}): Buffer {
  const packet = Buffer.alloc(HEADER_BYTES + fields.payload.length);
  packet[0] = 0x90;
  packet[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  packet.writeUInt16BE(fields.sequence & 0xffff, 2);
  packet.writeUInt32BE(fields.timestamp >>> 0, 4);
  packet.writeUInt32BE(fields.ssrc, 8);
  packet.writeUInt16BE(ONE_BYTE_PROFILE, 12);
  packet.writeUInt16BE(1, 14);
  packet[16] = fields.levelExtension << 4;
  packet[17] = fields.level & 0x7f;
  packet.set(fields.payload, HEADER_BYTES);
  return packet;
}

/** Reads what a media node sends; undefined for RTCP and for what is not RTP. */
export function readRtp(bytes: Buffer, slot: number): HeardPacket | undefined {
  if (bytes.length < 12) return undefined;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined;
  const sources = first & 0x0f;
  let start = 12 + sources * 4;
  if (first & 0x10) {
    if (start + 4 > bytes.length) return undefined;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  if (start > bytes.length) return undefined;
  return {
    slot,
    ssrc: bytes.readUInt32BE(8),
    csrc: sources > 0 ? bytes.readUInt32BE(12) : 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    marker: second >= 0x80,
    payloadType: second & 0x7f,
    payload: bytes.subarray(start),
    bytes,
  };
}

const APPLICATION = 204;
const LEAVING = 'LEAV';

/** RTCP by which either side says that it ends the session (RFC 3550 section 6.7, application-defined). */
export function writeLeaving(ownSsrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x80;
  packet[1] = APPLICATION;
  packet.writeUInt16BE(2, 2);
  packet.writeUInt32BE(ownSsrc, 4);
  packet.write(LEAVING, 8, 'latin1');
  return packet;
}

/** Whether a packet is what `writeLeaving` writes. */
export function isLeaving(packet: Buffer): boolean {
  return packet.length === 12 && packet[1] === APPLICATION && packet.toString('latin1', 8) === LEAVING;
}
