/** RTP clock of Opus, whatever the encoder's rate (RFC 7587 section 4.1). */
export const SAMPLES_PER_MS = 48;
/** An Opus packet holds at most 48 frames and 120 ms (RFC 6716 section 3.2.5). */
export const MAX_FRAMES = 48;
export const MAX_PACKET_SAMPLES = 120 * SAMPLES_PER_MS;
/** Largest compressed frame (RFC 6716 section 3.4, R2). */
export const MAX_FRAME_BYTES = 1275;

const SILK_MS = [10, 20, 40, 60];
const CELT_MS = [2.5, 5, 10, 20];

/** Length of one frame in 48 kHz samples, from the TOC byte (RFC 6716 table 2). */
export function frameSamples(toc: number): number {
  const config = toc >> 3;
  let ms: number | undefined;
  if (config < 12) ms = SILK_MS[config & 3];
  else if (config < 16) ms = (config & 1) === 0 ? 10 : 20;
  else ms = CELT_MS[config & 3];
  return (ms ?? 20) * SAMPLES_PER_MS;
}

/** Configuration and channels: frames join in one packet only when this is equal. */
export function configuration(toc: number): number {
  return toc >> 2;
}

/** Frames found in an Opus packet: `count` pairs of start and length. Filled again and again, like `RtpView`. */
export interface FrameList {
  toc: number;
  count: number;
  readonly starts: Uint16Array;
  readonly lengths: Uint16Array;
}

export function emptyFrameList(): FrameList {
  return { toc: 0, count: 0, starts: new Uint16Array(MAX_FRAMES), lengths: new Uint16Array(MAX_FRAMES) };
}

/**
 * Finds the frames of an Opus packet of any code (RFC 6716 section 3.2). False: malformed by the rules R1 to R7 of
 * section 3.4, and `list` must not be used. Never throws.
 */
export function parseFrames(packet: Uint8Array, list: FrameList): boolean {
  const toc = packet[0];
  if (toc === undefined) return false;
  list.toc = toc;
  list.count = 0;
  switch (toc & 3) {
    case 0:
      return add(list, 1, packet.length - 1);
    case 1: {
      const half = (packet.length - 1) / 2;
      return Number.isInteger(half) && add(list, 1, half) && add(list, 1 + half, half);
    }
    case 2:
      return parseTwoUnequal(packet, list);
    default:
      return parseMany(packet, list);
  }
}

function parseTwoUnequal(packet: Uint8Array, list: FrameList): boolean {
  const size = readSize(packet, 1, packet.length);
  if (size < 0) return false;
  const start = 1 + sizeBytes(size);
  const rest = packet.length - start - size;
  return rest >= 0 && add(list, start, size) && add(list, start + size, rest);
}

function parseMany(packet: Uint8Array, list: FrameList): boolean {
  const counts = packet[1];
  if (counts === undefined) return false;
  const frames = counts & 0x3f;
  if (frames === 0 || frames * frameSamples(list.toc) > MAX_PACKET_SAMPLES) return false;
  let offset = 2;
  let end = packet.length;
  if (counts & 0x40) {
    let more = true;
    while (more) {
      const padding = packet[offset];
      if (padding === undefined) return false;
      offset += 1;
      more = padding === 255;
      end -= more ? 254 : padding;
    }
  }
  if (offset > end) return false;
  return (counts & 0x80) === 0
    ? addEqual(list, frames, offset, end)
    : addSized(packet, list, frames, offset, end);
}

function addEqual(list: FrameList, frames: number, start: number, end: number): boolean {
  const size = (end - start) / frames;
  if (!Number.isInteger(size)) return false;
  for (let index = 0; index < frames; index += 1) {
    if (!add(list, start + index * size, size)) return false;
  }
  return true;
}

function addSized(packet: Uint8Array, list: FrameList, frames: number, start: number, end: number): boolean {
  let offset = start;
  for (let index = 0; index < frames - 1; index += 1) {
    const size = readSize(packet, offset, end);
    if (size < 0) return false;
    offset += sizeBytes(size);
    list.lengths[index] = size;
  }
  for (let index = 0; index < frames; index += 1) {
    const size = index < frames - 1 ? (list.lengths[index] ?? 0) : end - offset;
    if (size < 0 || offset + size > end || !add(list, offset, size)) return false;
    offset += size;
  }
  return true;
}

function add(list: FrameList, start: number, length: number): boolean {
  if (length < 0 || length > MAX_FRAME_BYTES || list.count >= MAX_FRAMES) return false;
  list.starts[list.count] = start;
  list.lengths[list.count] = length;
  list.count += 1;
  return true;
}

/** Frame length coded in one or two bytes (RFC 6716 section 3.2.1), or -1 past `end`. */
function readSize(packet: Uint8Array, offset: number, end: number): number {
  const first = packet[offset];
  if (first === undefined || offset >= end) return -1;
  if (first < 252) return first;
  const second = packet[offset + 1];
  if (second === undefined || offset + 1 >= end) return -1;
  return second * 4 + first;
}

/** How many bytes a frame length takes. */
export function sizeBytes(size: number): number {
  return size < 252 ? 1 : 2;
}

/** Writes a frame length; returns the offset after it. */
export function writeSize(into: Uint8Array, offset: number, size: number): number {
  if (size < 252) {
    into[offset] = size;
    return offset + 1;
  }
  const first = 252 + (size & 3);
  into[offset] = first;
  into[offset + 1] = (size - first) >> 2;
  return offset + 2;
}
