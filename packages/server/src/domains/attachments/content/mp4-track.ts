import { damaged } from './bad-file.ts';
import { type Box, boxAt, boxesIn, fieldsOf, find, need } from './boxes.ts';
import { type Patch, zeros } from './patch.ts';

/** Sample entries we take (mp4ra.org). */
const VIDEO = new Set(['avc1', 'avc3', 'hvc1', 'hev1', 'vp08', 'vp09', 'av01', 'mp4v']);
const AUDIO = new Set(['mp4a', 'Opus', 'fLaC', 'alac', 'ac-3', 'ec-3', '.mp3']);

export interface Track {
  id: number;
  kind: 'video' | 'audio' | 'other';
  timescale: number;
  /** Seconds of the samples that moov lists. */
  seconds: number;
  /** Pixels as shown, upright; of video. */
  width: number;
  height: number;
  /** Where its samples are in the file. */
  chunks: { start: number; length: number }[];
  /** Creation times, which tell when and thereby where somebody was. */
  times: Patch[];
  /** Boxes that neither picture nor sound needs. */
  extra: Box[];
}

/** @param bytes the whole moov */
export function readTrack(bytes: Buffer, trak: Box, fileSize: number): Track {
  const parts = boxesIn(bytes, trak.body, trak.end);
  const tkhd = need(parts, 'tkhd');
  const mdia = need(parts, 'mdia');
  const mediaParts = boxesIn(bytes, mdia.body, mdia.end);
  const mdhd = need(mediaParts, 'mdhd');
  const minf = need(mediaParts, 'minf');
  const infoParts = boxesIn(bytes, minf.body, minf.end);
  const stbl = need(infoParts, 'stbl');
  const tables = boxesIn(bytes, stbl.body, stbl.end);

  const handler = fieldsOf(bytes, need(mediaParts, 'hdlr')).text(8, 4);
  const kind = handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other';
  const { timescale } = readMdhd(bytes, mdhd);
  refuseOutside(bytes, infoParts);
  const entry = kind === 'other' ? null : readEntry(bytes, need(tables, 'stsd'), kind);
  const shown = readTkhd(bytes, tkhd);
  const [width, height] =
    shown.width > 0 && shown.height > 0
      ? [shown.width, shown.height]
      : [entry?.width ?? 0, entry?.height ?? 0];
  return {
    id: shown.id,
    kind,
    timescale,
    seconds: durationOf(bytes, need(tables, 'stts')) / timescale,
    ...(shown.turned ? { width: height, height: width } : { width, height }),
    chunks: chunksOf(bytes, tables, fileSize),
    times: [timesOf(bytes, tkhd), timesOf(bytes, mdhd)],
    extra: [
      ...parts.filter(({ type }) => !['tkhd', 'edts', 'mdia'].includes(type)),
      ...mediaParts.filter(({ type }) => !['mdhd', 'hdlr', 'minf', 'elng'].includes(type)),
      ...infoParts.filter(({ type }) => !['vmhd', 'smhd', 'nmhd', 'hdlr', 'dinf', 'stbl'].includes(type)),
      ...tables.filter(({ type }) => ['udta', 'meta', 'uuid', 'free', 'skip'].includes(type)),
    ],
  };
}

/** Creation and modification time of `mvhd`, `tkhd` and `mdhd`, as zeros. */
export const timesOf = (bytes: Buffer, box: Box): Patch => {
  const fields = fieldsOf(bytes, box);
  const length = fields.u8(0) === 1 ? 16 : 8;
  if (fields.length < 4 + length) throw damaged(`${box.type} is too short`);
  return zeros(box.body + 4, length);
};

function readMdhd(bytes: Buffer, mdhd: Box): { timescale: number } {
  const fields = fieldsOf(bytes, mdhd);
  const timescale = fields.u32(fields.u8(0) === 1 ? 20 : 12);
  if (timescale === 0) throw damaged('a track without time');
  return { timescale };
}

function readTkhd(bytes: Buffer, tkhd: Box) {
  const fields = fieldsOf(bytes, tkhd);
  const long = fields.u8(0) === 1;
  const matrix = long ? 52 : 40;
  return {
    id: fields.u32(long ? 20 : 12),
    // Turned by a quarter: what was wide is high.
    turned: fields.i32(matrix) === 0 && fields.i32(matrix + 16) === 0,
    width: Math.round(fields.u32(matrix + 36) / 65_536),
    height: Math.round(fields.u32(matrix + 40) / 65_536),
  };
}

function readEntry(bytes: Buffer, stsd: Box, kind: 'video' | 'audio'): { width: number; height: number } {
  const count = fieldsOf(bytes, stsd).u32(4);
  if (count < 1 || count > 8) throw damaged(`${count} sample entries`);
  let at = stsd.body + 8;
  let size = { width: 0, height: 0 };
  for (let index = 0; index < count; index += 1) {
    const entry = boxAt(bytes, at, stsd.end);
    if (!(kind === 'video' ? VIDEO : AUDIO).has(entry.type)) throw damaged(`codec ${entry.type}`);
    if (kind === 'video') {
      const fields = fieldsOf(bytes, entry);
      size = { width: fields.u16(24), height: fields.u16(26) };
    }
    at = entry.end;
  }
  return size;
}

/** Samples in another file, or at an address, are none of ours. */
function refuseOutside(bytes: Buffer, infoParts: readonly Box[]): void {
  const dinf = find(infoParts, 'dinf');
  const dref = dinf && find(boxesIn(bytes, dinf.body, dinf.end), 'dref');
  if (!dref) return;
  for (const entry of boxesIn(bytes, dref.body + 8, dref.end))
    if ((fieldsOf(bytes, entry).u32(0) & 1) === 0) throw damaged('samples outside of the file');
}

/** In the track's timescale. */
function durationOf(bytes: Buffer, stts: Box): number {
  const fields = fieldsOf(bytes, stts);
  let sum = 0;
  for (let index = 0, count = fields.u32(4); index < count; index += 1)
    sum += fields.u32(8 + index * 8) * fields.u32(12 + index * 8);
  return sum;
}

/** Where the samples are: chunk offsets, samples in each chunk, the size of each sample (ISO 14496-12, 8.7). */
function chunksOf(bytes: Buffer, tables: readonly Box[], fileSize: number): Track['chunks'] {
  const wide = find(tables, 'co64');
  const offsets = fieldsOf(bytes, wide ?? need(tables, 'stco'));
  const runs = fieldsOf(bytes, need(tables, 'stsc'));
  const sizes = sampleSizes(bytes, tables);
  const chunks: Track['chunks'] = [];
  const runCount = runs.u32(4);
  let run = 0;
  let sample = 0;
  let total = 0;
  for (let index = 0, count = offsets.u32(4); index < count; index += 1) {
    const start = wide ? offsets.u64(8 + index * 8) : offsets.u32(8 + index * 4);
    while (run + 1 < runCount && runs.u32(8 + (run + 1) * 12) <= index + 1) run += 1;
    const samples = runs.u32(12 + run * 12);
    const length = sizes.sum(sample, samples);
    total += length;
    if (start + length > fileSize || total > fileSize) throw damaged('more samples than there are bytes');
    chunks.push({ start, length });
    sample += samples;
  }
  return chunks;
}

function sampleSizes(bytes: Buffer, tables: readonly Box[]): { sum(from: number, count: number): number } {
  const stsz = find(tables, 'stsz');
  if (!stsz) throw damaged('no stsz');
  const fields = fieldsOf(bytes, stsz);
  const same = fields.u32(4);
  const total = fields.u32(8);
  if (same === 0 && fields.length < 12 + total * 4) throw damaged('stsz is too short');
  return {
    sum: (from, count) => {
      if (from + count > total) throw damaged('more samples than sizes');
      if (same !== 0) return same * count;
      let sum = 0;
      for (let index = from; index < from + count; index += 1) sum += fields.u32(12 + index * 4);
      return sum;
    },
  };
}
