import { BadFile, damaged } from './bad-file.ts';
import { elementsIn, float, unsigned } from './ebml.ts';

const VIDEO = new Set(['V_VP8', 'V_VP9', 'V_AV1', 'V_MPEG4/ISO/AVC']);
const AUDIO = new Set(['A_OPUS', 'A_VORBIS']);

export interface WebmTracks {
  video: { width: number; height: number } | null;
  audio: boolean;
}

/** @param bytes the content of Tracks */
export function readTracks(bytes: Buffer): WebmTracks {
  const tracks: WebmTracks = { video: null, audio: false };
  for (const { id, body } of elementsIn(bytes)) {
    if (id !== 0xae) continue;
    const entry = readEntry(body);
    if (entry.type === 1 && VIDEO.has(entry.codec)) {
      if (tracks.video) throw new BadFile('type', 'two video tracks');
      tracks.video = entry.video;
    } else if (entry.type === 2 && AUDIO.has(entry.codec)) tracks.audio = true;
    else throw new BadFile('type', `a track of type ${entry.type}, ${entry.codec}`);
  }
  return tracks;
}

function readEntry(bytes: Buffer) {
  const entry = { type: 0, codec: '', video: { width: 0, height: 0 } };
  for (const { id, body } of elementsIn(bytes)) {
    if (id === 0x83) entry.type = unsigned(body);
    else if (id === 0x86) entry.codec = body.toString('latin1').replace(/\0+$/, '').slice(0, 40);
    else if (id === 0xe0) entry.video = readVideo(body);
    // Compressed or encrypted content: a player would have to unpack what nobody has looked at.
    else if (id === 0x6d80) throw damaged('encoded content');
  }
  return entry;
}

function readVideo(bytes: Buffer): { width: number; height: number } {
  const video = { width: 0, height: 0, shownWidth: 0, shownHeight: 0, unit: 0 };
  for (const { id, body } of elementsIn(bytes)) {
    if (id === 0xb0) video.width = unsigned(body);
    else if (id === 0xba) video.height = unsigned(body);
    else if (id === 0x54b0) video.shownWidth = unsigned(body);
    else if (id === 0x54ba) video.shownHeight = unsigned(body);
    else if (id === 0x54b2) video.unit = unsigned(body);
  }
  const { width, height, shownWidth, shownHeight, unit } = video;
  return unit === 0 && shownWidth > 0 && shownHeight > 0
    ? { width: shownWidth, height: shownHeight }
    : { width, height };
}

export interface WebmInfo {
  /** Nanoseconds in a unit of time. */
  scale: number;
  /** In units of time; 0 where it does not say. */
  duration: number;
  /** Elements that tell of the person or the moment: positions in the content of Info. */
  personal: { start: number; body: number; end: number }[];
}

/** Title, DateUTC, SegmentFilename and the names of its neighbours. */
const PERSONAL = new Set([0x7ba9, 0x4461, 0x7384, 0x3c83ab, 0x3e83bb]);

/** @param bytes the content of Info */
export function readInfo(bytes: Buffer): WebmInfo {
  const info: WebmInfo = { scale: 1_000_000, duration: 0, personal: [] };
  for (const { id, start, body } of elementsIn(bytes)) {
    const bodyAt = body.byteOffset - bytes.byteOffset;
    if (id === 0x2ad7b1) info.scale = unsigned(body);
    else if (id === 0x4489) info.duration = float(body);
    else if (PERSONAL.has(id)) info.personal.push({ start, body: bodyAt, end: bodyAt + body.length });
  }
  if (info.scale <= 0 || !(info.duration >= 0)) throw damaged('time that makes no sense');
  return info;
}
