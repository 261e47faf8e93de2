/** A file that is not what it claims to be. */
export class OggError extends Error {
  override readonly name = 'OggError';
}

const END_OF_STREAM = 0x04;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/**
 * The packets of an Ogg file with one logical stream (RFC 3533), in order.
 * @throws OggError when a page is cut off, missing, damaged, or of a second stream
 */
export function readOggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  let serial: number | undefined;
  let offset = 0;
  let ended = true;
  while (offset < file.length) {
    const page = readPage(file, offset);
    ended = page.last;
    serial ??= page.serial;
    if (page.serial !== serial) throw new OggError('more than one stream');
    let start = page.bodyStart;
    for (const lacing of page.segments) {
      parts.push(file.subarray(start, start + lacing));
      start += lacing;
      if (lacing === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
    offset = page.end;
  }
  if (parts.length > 0) throw new OggError('the last packet is cut off');
  if (!ended) throw new OggError('the last page is missing');
  return packets;
}

interface Page {
  readonly serial: number;
  /** Whether the stream ends with this page. */
  readonly last: boolean;
  readonly segments: Buffer;
  readonly bodyStart: number;
  readonly end: number;
}

function readPage(file: Buffer, offset: number): Page {
  if (offset + 27 > file.length) throw new OggError('a page header is cut off');
  if (file.toString('latin1', offset, offset + 4) !== 'OggS') throw new OggError('not an Ogg page');
  if (file.readUInt8(offset + 4) !== 0) throw new OggError('an unknown version of Ogg');
  const count = file.readUInt8(offset + 26);
  const segments = file.subarray(offset + 27, offset + 27 + count);
  const bodyStart = offset + 27 + count;
  const end = segments.reduce((sum, lacing) => sum + lacing, bodyStart);
  if (segments.length < count || end > file.length) throw new OggError('a page is cut off');
  if (checksum(file.subarray(offset, end)) !== file.readUInt32LE(offset + 22)) {
    throw new OggError('a page is damaged');
  }
  const last = (file.readUInt8(offset + 5) & END_OF_STREAM) !== 0;
  return { serial: file.readUInt32LE(offset + 14), last, segments, bodyStart, end };
}

/** The CRC of RFC 3533 section 6, with the page's own CRC field taken for zero. */
function checksum(page: Buffer): number {
  let crc = 0;
  for (let index = 0; index < page.length; index += 1) {
    const byte = index >= 22 && index < 26 ? 0 : (page[index] ?? 0);
    crc = ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  }
  return crc;
}
