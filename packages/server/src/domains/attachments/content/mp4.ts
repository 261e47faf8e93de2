import { BadFile, damaged } from './bad-file.ts';
import { BOX_HEADER_MAX, type Box, boxAt, boxesIn, need } from './boxes.ts';
import type { MediaFacts } from './media-facts.ts';
import { type Reach, readDefaults, readFragment, type SampleDefaults } from './mp4-fragment.ts';
import { readTrack, type Track, timesOf } from './mp4-track.ts';
import { overwrite, type Patch, zeros } from './patch.ts';
import type { ByteSource } from './source.ts';

/** Tables of five minutes take some hundred kilobytes. */
const MOOV_MAX = 8 * 1024 * 1024;
const MOOF_MAX = 1024 * 1024;
/** A fragment a frame, three boxes each. */
const BOXES_MAX = 50_000;

/** What may stand at the top; what has no part in playing is emptied. */
const kept = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'sidx', 'ssix', 'mfra', 'wide']);
const emptied = new Set(['free', 'skip', 'uuid', 'meta', 'udta', 'emsg', 'prft', 'pdin', 'pnot']);
/** What a moov needs to be played. */
const keptOfMoov = new Set(['mvhd', 'trak', 'mvex', 'iods']);

/**
 * Reads the structure of an MP4 or QuickTime file (ISO 14496-12): its boxes from the first byte to the last, moov and
 * each moof whole. Samples are not read.
 * @throws BadFile
 */
export async function readMp4(source: ByteSource): Promise<MediaFacts> {
  const patches: Patch[] = [];
  let movie: Movie | undefined;
  let samples = false;
  const reach: Reach = new Map();
  let count = 0;
  for (let at = 0; at < source.size; count += 1) {
    if (count > BOXES_MAX) throw damaged('too many boxes');
    const box = await topBox(source, at);
    if (at === 0 && box.type !== 'ftyp') throw new BadFile('type', 'no ftyp at the beginning');
    if (box.type === 'moov') {
      if (movie) throw damaged('two moovs');
      movie = readMovie(await whole(source, box, MOOV_MAX), at, source.size);
      patches.push(...movie.patches);
    } else if (box.type === 'moof') {
      if (!movie) throw damaged('a fragment before moov');
      const bytes = await whole(source, box, MOOF_MAX);
      readFragment(bytes, boxAt(bytes, 0, bytes.length), movie.defaults, reach);
    } else if (box.type === 'mdat') samples = true;
    else if (emptied.has(box.type)) patches.push(...empty(box));
    else if (!kept.has(box.type)) throw damaged(`box ${box.type} at the top`);
    at = box.end;
  }
  if (!movie || !samples) throw damaged('no moov or no mdat');
  return factsOf(movie, reach, patches);
}

async function topBox(source: ByteSource, at: number): Promise<Box> {
  const header = await source.read(at, BOX_HEADER_MAX);
  // Read as if it stood at the beginning, then moved to where it is.
  const box = boxAt(header, 0, source.size - at, header.toString('latin1', 4, 8) === 'mdat');
  return { type: box.type, start: at, body: at + box.body, end: at + box.end };
}

async function whole(source: ByteSource, box: Box, max: number): Promise<Buffer> {
  const length = box.end - box.start;
  if (length > max) throw damaged(`${box.type} of ${length} bytes`);
  return source.read(box.start, length);
}

/** Leaves a box of the same length that says nothing. */
const empty = (box: Box, shift = 0): Patch[] => [
  overwrite(shift + box.start + 4, Buffer.from('free')),
  zeros(shift + box.body, box.end - box.body),
];

interface Movie {
  tracks: Track[];
  defaults: SampleDefaults;
  patches: Patch[];
  fragmented: boolean;
}

/** @param at where the moov is in the file: its own positions count from its beginning */
function readMovie(bytes: Buffer, at: number, fileSize: number): Movie {
  const moov = boxAt(bytes, 0, bytes.length);
  const parts = boxesIn(bytes, moov.body, moov.end);
  if (parts.some(({ type }) => type === 'cmov' || type === 'rmra')) throw damaged('a moov inside a moov');
  const fragmented = parts.some(({ type }) => type === 'mvex');
  const moved = (patch: Patch): Patch => ({ ...patch, at: patch.at + at });
  const patches: Patch[] = [moved(timesOf(bytes, need(parts, 'mvhd')))];
  for (const box of parts) if (!keptOfMoov.has(box.type)) patches.push(...empty(box, at));
  const tracks: Track[] = [];
  for (const box of parts.filter(({ type }) => type === 'trak')) {
    const track = readTrack(bytes, box, fileSize);
    if (track.kind === 'other') {
      // What a camera notes beside picture and sound, where it was among it: the notes go, and the track.
      if (fragmented) throw new BadFile('type', 'a track that is neither picture nor sound');
      for (const { start, length } of track.chunks) patches.push(zeros(start, length));
      patches.push(...empty(box, at));
    } else {
      tracks.push(track);
      for (const patch of track.times) patches.push(moved(patch));
      for (const extra of track.extra) patches.push(...empty(extra, at));
    }
  }
  return { tracks, defaults: readDefaults(bytes, parts), patches, fragmented };
}

function factsOf(movie: Movie, reach: Reach, patches: Patch[]): MediaFacts {
  const video = movie.tracks.filter(({ kind }) => kind === 'video');
  const [picture] = video;
  if (video.length > 1) throw new BadFile('type', 'two video tracks');
  const seconds = movie.tracks.map(({ id, seconds, timescale }) => {
    const { start, end } = reach.get(id) ?? { start: 0, end: 0 };
    return seconds + (end - start) / timescale;
  });
  return {
    container: 'mp4',
    video: picture ? { width: picture.width, height: picture.height } : null,
    audio: movie.tracks.some(({ kind }) => kind === 'audio'),
    seconds: Math.max(0, ...seconds),
    patches,
  };
}
