import type { RtpView } from './packet.ts';

/** Silence of RFC 6464: -127 dBov. */
export const SILENT = 127;

const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

/**
 * The audio level of RFC 6464 (0 loudest to 127 silent) among the header extensions of RFC 8285, one-byte or
 * two-byte form; -1 when there is none or they are malformed.
 */
export function readLevel(packet: Buffer, view: RtpView, extensionId: number): number {
  if (view.extensionProfile === ONE_BYTE_PROFILE) return readOneByte(packet, view, extensionId);
  if ((view.extensionProfile & 0xfff0) === TWO_BYTE_PROFILE) return readTwoByte(packet, view, extensionId);
  return -1;
}

function readOneByte(packet: Buffer, view: RtpView, extensionId: number): number {
  let offset = view.extensionStart;
  while (offset < view.extensionEnd) {
    const head = packet.readUInt8(offset);
    offset += 1;
    if (head === 0) continue;
    const id = head >> 4;
    if (id === 15) return -1;
    const length = (head & 0x0f) + 1;
    if (offset + length > view.extensionEnd) return -1;
    if (id === extensionId) return packet.readUInt8(offset) & 0x7f;
    offset += length;
  }
  return -1;
}

function readTwoByte(packet: Buffer, view: RtpView, extensionId: number): number {
  let offset = view.extensionStart;
  while (offset < view.extensionEnd) {
    const id = packet.readUInt8(offset);
    offset += 1;
    if (id === 0) continue;
    if (offset >= view.extensionEnd) return -1;
    const length = packet.readUInt8(offset);
    offset += 1;
    if (offset + length > view.extensionEnd) return -1;
    if (id === extensionId) return length > 0 ? packet.readUInt8(offset) & 0x7f : -1;
    offset += length;
  }
  return -1;
}
