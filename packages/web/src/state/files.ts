import type { AttachmentKind } from '@sotto/protocol';
import { IMAGE_PIXELS_MAX, VIDEO_SECONDS_MAX, VOICE_SECONDS_MAX } from '@sotto/protocol/limits';
import { words } from '../words/index.ts';
import { BYTES_MAX, isSendable, kindOf } from './file-kinds.ts';

const MB = 1024 * 1024;

/** What is known of a file without opening it. */
export interface FileFacts {
  name: string;
  type: string;
  size: number;
}

const { fileImageSize, fileVideoSize, fileVoiceSize } = words.conversation;
const tooLarge = { image: fileImageSize, video: fileVideoSize, voice: fileVoiceSize };

/** What a file is, or in words why it cannot be sent, as far as its type and size tell (BC-20, BC-21). */
export function judge(file: FileFacts): { kind: AttachmentKind } | { problem: string } {
  const { name, type, size } = file;
  if (type === 'image/svg+xml') return { problem: words.conversation.fileSvg(name) };
  const kind = kindOf(type);
  if (kind === null) return { problem: words.conversation.fileType(name) };
  if (isSendable(file)) return { kind };
  if (size === 0) return { problem: words.conversation.fileEmpty(name) };
  return { problem: tooLarge[kind](name, BYTES_MAX[kind] / MB) };
}

/** What the browser found when it opened the file. */
export interface Measured {
  width?: number | undefined;
  height?: number | undefined;
  seconds?: number | undefined;
}

/** In words why a file cannot be sent, as far as its pixels and length tell; null where nothing speaks against it. */
export function judgeMeasured(name: string, kind: AttachmentKind, measured: Measured): string | null {
  const { width = 0, height = 0, seconds = 0 } = measured;
  if (kind === 'image' && width * height > IMAGE_PIXELS_MAX) return words.conversation.filePixels(name);
  if (kind === 'video' && seconds > VIDEO_SECONDS_MAX)
    return words.conversation.fileLong(name, VIDEO_SECONDS_MAX / 60);
  if (kind === 'voice' && seconds > VOICE_SECONDS_MAX)
    return words.conversation.fileVoiceLong(name, VOICE_SECONDS_MAX / 60);
  return null;
}
