import { readFile } from 'node:fs/promises';
import { OggError, readOggPackets } from './ogg.ts';

/** A sound that can be spoken: Opus packets, with the loudness of each. */
export interface OpusSource {
  readonly frames: readonly Uint8Array[];
  /** Loudness of each frame in -dBov: 0 loudest, 127 silent (RFC 6464). */
  readonly levels: readonly number[];
}

/** Loudness assumed for a frame of a file that does not say: quiet speech, or silence for a frame without sound. */
const USUAL_LEVEL = 30;
const SILENT_LEVEL = 127;
const SOUNDLESS_BYTES = 2;

/**
 * Reads an Ogg Opus file (RFC 7845). A comment `LEVELS` may hold one byte of loudness a frame, in base64.
 * @throws OggError when it is none
 */
export function parseOggOpus(file: Buffer): OpusSource {
  const [head, tags, ...frames] = readOggPackets(file);
  if (head?.toString('latin1', 0, 8) !== 'OpusHead') throw new OggError('not an Opus stream');
  if (tags?.toString('latin1', 0, 8) !== 'OpusTags') throw new OggError('an Opus stream without tags');
  const said = readComment(tags, 'LEVELS');
  const levels = said === undefined ? [] : [...Buffer.from(said, 'base64')];
  return { frames, levels: frames.map((frame, index) => levels[index] ?? assumedLevel(frame)) };
}

export async function readOpusFile(path: string | URL): Promise<OpusSource> {
  return parseOggOpus(await readFile(path));
}

/** A sentence of synthetic speech, 8.8 s. */
export function bundledSpeech(): Promise<OpusSource> {
  return readOpusFile(new URL('../../../fixtures/speech.opus', import.meta.url));
}

/** A 440 Hz tone, 1 s. */
export function bundledTone(): Promise<OpusSource> {
  return readOpusFile(new URL('../../../fixtures/tone.opus', import.meta.url));
}

function assumedLevel(frame: Uint8Array): number {
  return frame.length <= SOUNDLESS_BYTES ? SILENT_LEVEL : USUAL_LEVEL;
}

/** A comment of an OpusTags packet (RFC 7845 section 5.2). */
function readComment(tags: Buffer, name: string): string | undefined {
  let offset = 8;
  const next = (): string => {
    if (offset + 4 > tags.length) throw new OggError('the tags are cut off');
    const length = tags.readUInt32LE(offset);
    offset += 4 + length;
    if (offset > tags.length) throw new OggError('the tags are cut off');
    return tags.toString('utf8', offset - length, offset);
  };
  next();
  if (offset + 4 > tags.length) throw new OggError('the tags are cut off');
  const count = tags.readUInt32LE(offset);
  offset += 4;
  for (let index = 0; index < count; index += 1) {
    const comment = next();
    if (comment.startsWith(`${name}=`)) return comment.slice(name.length + 1);
  }
  return undefined;
}
