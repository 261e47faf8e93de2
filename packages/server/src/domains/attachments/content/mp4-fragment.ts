import { type Box, boxesIn, fieldsOf, find, need } from './boxes.ts';

/** Durations of samples that do not say theirs, by track: `trex` of moov. */
export type SampleDefaults = ReadonlyMap<number, number>;

export function readDefaults(bytes: Buffer, moovParts: readonly Box[]): SampleDefaults {
  const mvex = find(moovParts, 'mvex');
  const defaults = new Map<number, number>();
  for (const box of mvex ? boxesIn(bytes, mvex.body, mvex.end) : [])
    if (box.type === 'trex') {
      const fields = fieldsOf(bytes, box);
      defaults.set(fields.u32(4), fields.u32(12));
    }
  return defaults;
}

/** From where to where each track's fragments reach, in its timescale. */
export type Reach = Map<number, { start: number; end: number }>;

/**
 * Adds what one fragment has.
 * @param bytes one whole moof
 */
export function readFragment(bytes: Buffer, moof: Box, defaults: SampleDefaults, reach: Reach): void {
  for (const traf of boxesIn(bytes, moof.body, moof.end)) {
    if (traf.type !== 'traf') continue;
    const parts = boxesIn(bytes, traf.body, traf.end);
    const { track, duration } = readHeader(bytes, need(parts, 'tfhd'), defaults);
    const before = reach.get(track);
    const tfdt = find(parts, 'tfdt');
    const start = tfdt ? readTime(bytes, tfdt) : (before?.end ?? 0);
    let end = start;
    for (const trun of parts) if (trun.type === 'trun') end += readRun(bytes, trun, duration);
    reach.set(track, {
      start: Math.min(start, before?.start ?? start),
      end: Math.max(end, before?.end ?? end),
    });
  }
}

function readTime(bytes: Buffer, tfdt: Box): number {
  const fields = fieldsOf(bytes, tfdt);
  return fields.u8(0) === 1 ? fields.u64(4) : fields.u32(4);
}

/** ISO 14496-12, 8.8.7. */
function readHeader(bytes: Buffer, tfhd: Box, defaults: SampleDefaults): { track: number; duration: number } {
  const fields = fieldsOf(bytes, tfhd);
  const flags = fields.u32(0);
  const track = fields.u32(4);
  const offset = 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  return { track, duration: flags & 0x8 ? fields.u32(offset) : (defaults.get(track) ?? 0) };
}

/** ISO 14496-12, 8.8.8: the duration of its samples. */
function readRun(bytes: Buffer, trun: Box, duration: number): number {
  const fields = fieldsOf(bytes, trun);
  const flags = fields.u32(0);
  const count = fields.u32(4);
  if (!(flags & 0x100)) return duration * count;
  const first = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  const step = 4 + (flags & 0x200 ? 4 : 0) + (flags & 0x400 ? 4 : 0) + (flags & 0x800 ? 4 : 0);
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += fields.u32(first + index * step);
  return sum;
}
