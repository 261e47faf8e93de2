import { BadFile, damaged } from './bad-file.ts';
import type { MediaFacts } from './media-facts.ts';
import { oggCrc } from './ogg-crc.ts';
import { overwrite, type Patch } from './patch.ts';
import type { ByteSource } from './source.ts';

/** Header, segment table and 255 segments of 255 bytes (RFC 3533, 6). */
const PAGE_MAX = 27 + 255 + 255 * 255;
const RATE = 48_000;

interface Page {
  serial: number;
  /** Samples up to the end of the page. */
  granule: bigint;
  first: boolean;
  body: Buffer;
  bytes: Buffer;
}

/**
 * Reads an Ogg Opus file (RFC 7845) page by page, with its checksums. Its comments are emptied.
 * @throws BadFile
 */
export async function readOgg(source: ByteSource): Promise<MediaFacts> {
  const patches: Patch[] = [];
  let serial = 0;
  let skip = 0;
  let samples = 0n;
  let number = 0;
  for (let at = 0; at < source.size; number += 1) {
    const page = readPage(await source.read(at, PAGE_MAX));
    if (number === 0) ({ serial, skip } = readHead(page));
    else if (page.serial !== serial || page.first) throw new BadFile('type', 'more than one stream');
    if (number === 1) patches.push(overwrite(at, withoutComments(page)));
    // -1: no packet ends on this page.
    if (page.granule !== 0xffff_ffff_ffff_ffffn && page.granule > samples) samples = page.granule;
    at += page.bytes.length;
  }
  if (number < 3) throw damaged('no sound in it');
  return {
    container: 'ogg',
    video: null,
    audio: true,
    seconds: Math.max(0, Number(samples) - skip) / RATE,
    patches,
  };
}

function readPage(bytes: Buffer): Page {
  if (bytes.length < 27 || bytes.toString('latin1', 0, 4) !== 'OggS') throw damaged('no page');
  const segments = bytes.subarray(27, 27 + bytes.readUInt8(26));
  const start = 27 + bytes.readUInt8(26);
  const end = segments.reduce((sum, length) => sum + length, start);
  if (end > bytes.length) throw damaged('a page that is cut');
  const page = Buffer.from(bytes.subarray(0, end));
  const sum = page.readUInt32LE(22);
  page.writeUInt32LE(0, 22);
  if (oggCrc(page) !== sum) throw damaged('a page with a wrong checksum');
  return {
    serial: page.readUInt32LE(14),
    granule: page.readBigUInt64LE(6),
    first: (page.readUInt8(5) & 2) !== 0,
    body: page.subarray(start),
    bytes: page,
  };
}

/** RFC 7845, 5.1. */
function readHead({ body, serial, first }: Page): { serial: number; skip: number } {
  if (!first || body.toString('latin1', 0, 8) !== 'OpusHead' || body.length < 19)
    throw new BadFile('type', 'not Opus');
  return { serial, skip: body.readUInt16LE(10) };
}

/**
 * The page of OpusTags with no vendor and no comment in it, zeros after them (RFC 7845, 5.2). Comments may carry
 * whatever one likes, pictures and places too.
 */
function withoutComments({ body, bytes }: Page): Buffer {
  const table = bytes.subarray(27, 27 + bytes.readUInt8(26));
  if (body.toString('latin1', 0, 8) !== 'OpusTags' || body.length < 16) throw damaged('no OpusTags');
  if (table.at(-1) === 255) throw damaged('comments of more than a page');
  body.fill(0, 8);
  bytes.writeUInt32LE(oggCrc(bytes), 22);
  return bytes;
}
