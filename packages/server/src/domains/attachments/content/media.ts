import { IMAGE_PIXELS_MAX, VIDEO_SECONDS_MAX, VOICE_SECONDS_MAX } from '@sotto/protocol';
import { BadFile, damaged } from './bad-file.ts';
import { refuseForeign } from './foreign.ts';
import type { MediaFacts } from './media-facts.ts';
import { readMp4 } from './mp4.ts';
import { readOgg } from './ogg.ts';
import type { Patch } from './patch.ts';
import type { ByteSource } from './source.ts';
import { readWebm } from './webm.ts';

export interface CheckedMedia {
  /** Name of its file, which says its type. */
  file: 'original.mp4' | 'original.webm' | 'original.m4a' | 'original.weba' | 'original.ogg';
  /** Upright; of a video. */
  width: number | null;
  height: number | null;
  seconds: number;
  patches: Patch[];
}

/** A recorder stops a little after the bell. */
const GRACE = 1;

/**
 * A video or a voice note, told by its content: never by a name or what somebody says it is.
 * @throws BadFile
 */
export async function checkMedia(source: ByteSource, kind: 'video' | 'voice'): Promise<CheckedMedia> {
  const facts = await readContainer(source);
  await refuseForeign(source);
  if (!(facts.seconds > 0)) throw damaged('no time in it');
  const max = kind === 'video' ? VIDEO_SECONDS_MAX : VOICE_SECONDS_MAX;
  if (facts.seconds > max + GRACE) throw new BadFile('too_long', `${facts.seconds} s`, max);
  const { container, video, patches } = facts;
  const seconds = Math.round(facts.seconds * 1000) / 1000;
  if (kind === 'voice') {
    if (video || !facts.audio) throw new BadFile('type', 'not sound alone');
    const file = { mp4: 'original.m4a', webm: 'original.weba', ogg: 'original.ogg' } as const;
    return { file: file[container], width: null, height: null, seconds, patches };
  }
  if (!video || container === 'ogg') throw new BadFile('type', 'no picture in it');
  const { width, height } = video;
  if (width < 1 || height < 1) throw damaged('a picture without size');
  if (width * height > IMAGE_PIXELS_MAX)
    throw new BadFile('too_many_pixels', `${width} × ${height}`, IMAGE_PIXELS_MAX);
  return { file: `original.${container}`, width, height, seconds, patches };
}

async function readContainer(source: ByteSource): Promise<MediaFacts> {
  const head = await source.read(0, 12);
  if (head.length === 12 && head.toString('latin1', 4, 8) === 'ftyp') return readMp4(source);
  if (head.length === 12 && head.readUInt32BE(0) === 0x1a45dfa3) return readWebm(source);
  if (head.toString('latin1', 0, 4) === 'OggS') return readOgg(source);
  throw new BadFile('type', 'neither MP4, WebM nor Ogg');
}
