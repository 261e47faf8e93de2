import { BadFile, damaged } from './bad-file.ts';
import { ELEMENT_HEADER_MAX, type Element, elementsIn, VOID, voidHeader, walker } from './ebml.ts';
import type { MediaFacts } from './media-facts.ts';
import { overwrite, type Patch, zeros } from './patch.ts';
import type { ByteSource } from './source.ts';
import { readInfo, readTracks, type WebmInfo, type WebmTracks } from './webm-tracks.ts';

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const CLUSTER = 0x1f43b675;
const TIMECODE = 0xe7;
const BLOCK_GROUP = 0xa0;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;

/** Where things are: left as it is. */
const SEEK_HEAD = 0x114d9b74;
const CUES = 0x1c53bb6b;
/** What else stands in clusters and block groups, of no interest here. */
const inClusters = new Set([0xa7, 0xab, 0x9b, 0xfb, 0xfa, 0xfd, 0x75a2, 0x75a1, 0xa4, 0xbf]);

/** Bytes that hold a block's track and time, or a cluster's time. */
const BLOCK_START = 12;
/** Info and Tracks are read whole. */
const HEADER_MAX = 1024 * 1024;
/** Frames of three minutes at 120 a second, packets of 10 ms beside them, and all around them. */
const ELEMENTS_MAX = 400_000;

/**
 * Reads the structure of a WebM file (RFC 9559), as MediaRecorder makes it: segment and clusters may not know how long
 * they are, and the time comes from the blocks. Blocks are not decoded.
 * @throws BadFile
 */
export async function readWebm(source: ByteSource): Promise<MediaFacts> {
  const walk = walker(source);
  await walk.hold(0);
  const head = walk.elementAt(0);
  const headEnd = endOf(head, source.size);
  if (head.id !== EBML || headEnd - head.body > 4096) throw new BadFile('type', 'no EBML header');
  if (docType(walk.bytes(head.body, headEnd - head.body)) !== 'webm') throw new BadFile('type', 'not WebM');
  if (!walk.holds(headEnd, ELEMENT_HEADER_MAX)) await walk.hold(headEnd);
  const segment = walk.elementAt(headEnd);
  if (segment.id !== SEGMENT) throw damaged('no segment');
  if (segment.size !== null && segment.body + segment.size !== source.size)
    throw damaged('the segment does not end with the file');
  return walkSegment(source, walk, segment.body);
}

function docType(bytes: Buffer): string {
  for (const { id, body } of elementsIn(bytes))
    if (id === 0x4282) return body.toString('latin1').replace(/\0+$/, '');
  return '';
}

const endOf = ({ id, body, size }: Element, limit: number): number => {
  if (size === null || body + size > limit) throw damaged(`element ${id.toString(16)} is cut`);
  return body + size;
};

interface Seen {
  info: WebmInfo | null;
  tracks: WebmTracks | null;
  /** Of the first and the last block, in units of time. */
  first: number;
  last: number;
  patches: Patch[];
}

async function walkSegment(
  source: ByteSource,
  walk: ReturnType<typeof walker>,
  start: number,
): Promise<MediaFacts> {
  const seen: Seen = {
    info: null,
    tracks: null,
    first: Number.POSITIVE_INFINITY,
    last: Number.NEGATIVE_INFINITY,
    patches: [],
  };
  /** Time of the cluster one is in, and where it ends, if it says so. */
  let time: number | null = null;
  let clusterEnd = source.size;
  let count = 0;
  for (let at = start; at < source.size; count += 1) {
    if (count > ELEMENTS_MAX) throw damaged('too many elements');
    if (at >= clusterEnd) clusterEnd = source.size;
    if (!walk.holds(at, ELEMENT_HEADER_MAX + BLOCK_START)) await walk.hold(at);
    const element = walk.elementAt(at);
    if (element.id === CLUSTER) {
      // Its children follow as if they stood here: an unknown length ends where the next cluster begins.
      time = null;
      clusterEnd = element.size === null ? source.size : endOf(element, source.size);
      at = element.body;
      continue;
    }
    const end = endOf(element, clusterEnd);
    if (element.id === BLOCK_GROUP) {
      at = element.body;
      continue;
    }
    if (element.id === TIMECODE) time = numberOf(walk.bytes(element.body, end - element.body));
    else if (element.id === SIMPLE_BLOCK || element.id === BLOCK) {
      if (time === null) throw damaged('a block without a time');
      const shown = time + blockTime(walk.bytes(element.body, BLOCK_START));
      seen.first = Math.min(seen.first, shown);
      seen.last = Math.max(seen.last, shown);
    } else if (element.id === INFO || element.id === TRACKS) await readHeader(source, element, end, seen);
    else if (element.id !== SEEK_HEAD && element.id !== CUES && !inClusters.has(element.id))
      seen.patches.push(...empty(element, end));
    at = end;
  }
  return factsOf(seen);
}

async function readHeader(source: ByteSource, { id, body }: Element, end: number, seen: Seen): Promise<void> {
  if (end - body > HEADER_MAX) throw damaged(`a header of ${end - body} bytes`);
  const bytes = await source.read(body, end - body);
  if (id === TRACKS) {
    if (seen.tracks) throw damaged('tracks twice');
    seen.tracks = readTracks(bytes);
  } else {
    if (seen.info) throw damaged('info twice');
    seen.info = readInfo(bytes);
    for (const one of seen.info.personal)
      seen.patches.push(
        overwrite(body + one.start, voidHeader(one)),
        zeros(body + one.start + voidHeader(one).length, one.end - one.start - voidHeader(one).length),
      );
  }
}

/** A block: a number of the track, then the time relative to its cluster, 16 bits with a sign (RFC 9559, 10.1). */
function blockTime(bytes: Buffer): number {
  const track = Math.clz32(bytes[0] ?? 0) - 23;
  if (track > 4 || bytes.length < track + 3) throw damaged('a block that is cut');
  return bytes.readInt16BE(track);
}

function numberOf(bytes: Buffer): number {
  if (bytes.length > 8) throw damaged('a time of more than 8 bytes');
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** Leaves a Void of the same length. */
function empty({ id, start, body }: Element, end: number): Patch[] {
  if (id === VOID) return [zeros(body, end - body)];
  const header = voidHeader({ start, body, end });
  return [overwrite(start, header), zeros(start + header.length, end - start - header.length)];
}

function factsOf({ info, tracks, first, last, patches }: Seen): MediaFacts {
  if (!info || !tracks) throw damaged('no info or no tracks');
  if (last < first) throw damaged('no blocks');
  return {
    container: 'webm',
    ...tracks,
    seconds: (Math.max(info.duration, last - Math.min(first, 0)) * info.scale) / 1e9,
    patches,
  };
}
