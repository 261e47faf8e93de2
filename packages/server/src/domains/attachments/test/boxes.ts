/** A box of ISO BMFF around its content. */
export function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    content.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
};
const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2);
  });
  return bytes;
};

/** 2020-02-02 in seconds since 1904: a time that must not be told. */
export const SHOT_AT = 3_663_446_400;

interface MadeTrack {
  handler: 'vide' | 'soun' | 'meta';
  codec: string;
  samples: Buffer[];
  /** Of a sample, of which there are 10 a second. */
  duration?: number;
  width?: number;
  height?: number;
  /** Turned by a quarter. */
  turned?: boolean;
  /** Boxes into trak. */
  more?: Buffer[];
  /** Data reference flags: 1 is in this file. */
  reference?: number;
}

/** A plain MP4: ftyp, mdat, moov, as a phone writes it; samples are whatever they are. */
export function mp4Of(
  tracks: readonly MadeTrack[],
  more: { brand?: string; moov?: Buffer[]; top?: Buffer[] } = {},
): Buffer {
  const ftyp = box('ftyp', more.brand ?? 'isom', u32(512), 'isommp42');
  let at = ftyp.length + 8;
  const placed = tracks.map(track => {
    const start = at;
    at += track.samples.reduce((sum, sample) => sum + sample.length, 0);
    return trackOf(track, start);
  });
  const mdat = box('mdat', ...tracks.flatMap(track => track.samples));
  const mvhd = box('mvhd', u32(0, SHOT_AT, SHOT_AT, 1000, 1000), Buffer.alloc(80));
  return Buffer.concat([ftyp, mdat, box('moov', mvhd, ...placed, ...(more.moov ?? [])), ...(more.top ?? [])]);
}

let trackId = 0;

function trackOf(track: MadeTrack, offset: number): Buffer {
  const { handler, codec, samples, duration = 100, width = 0, height = 0, turned = false } = track;
  trackId += 1;
  const matrix = turned
    ? u32(0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000)
    : u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const tkhd = box(
    'tkhd',
    u32(3, SHOT_AT, SHOT_AT, trackId, 0, 1000, 0, 0, 0, 0),
    matrix,
    u32(width * 65536, height * 65536),
  );
  const entry =
    handler === 'vide'
      ? box(codec, Buffer.alloc(6), u16(1), Buffer.alloc(16), u16(width, height), Buffer.alloc(50))
      : box(codec, Buffer.alloc(6), u16(1), Buffer.alloc(20));
  const stbl = box(
    'stbl',
    box('stsd', u32(0, 1), entry),
    box('stts', u32(0, 1, samples.length, duration)),
    box('stsc', u32(0, 1, 1, samples.length, 1)),
    box('stsz', u32(0, 0, samples.length, ...samples.map(({ length }) => length))),
    box('stco', u32(0, 1, offset)),
  );
  const dinf = box('dinf', box('dref', u32(0, 1), box('url ', u32(track.reference ?? 1))));
  const minf = box('minf', box(handler === 'vide' ? 'vmhd' : 'smhd', Buffer.alloc(12)), dinf, stbl);
  const mdia = box(
    'mdia',
    box('mdhd', u32(0, SHOT_AT, SHOT_AT, 1000, samples.length * duration, 0)),
    box('hdlr', u32(0, 0), handler, Buffer.alloc(13)),
    minf,
  );
  return box('trak', tkhd, mdia, ...(track.more ?? []));
}

/** A video of some frames, and sound. */
export const plainVideo = (seconds = 2): MadeTrack[] => [
  {
    handler: 'vide',
    codec: 'avc1',
    samples: Array.from({ length: 10 * seconds }, (_, index) => Buffer.from(`frame ${index} `)),
    width: 640,
    height: 360,
  },
  {
    handler: 'soun',
    codec: 'mp4a',
    samples: Array.from({ length: 10 * seconds }, (_, index) => Buffer.from(`sound ${index} `)),
  },
];
