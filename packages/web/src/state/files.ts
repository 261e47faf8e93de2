import type { AttachmentKind } from '@sotto/protocol';
import {
  IMAGE_BYTES_MAX,
  IMAGE_PIXELS_MAX,
  VIDEO_BYTES_MAX,
  VIDEO_SECONDS_MAX,
} from '@sotto/protocol/limits';
import { words } from '../words/index.ts';

const IMAGES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];
/** QuickTime is what a phone’s camera writes: MP4 in all but its name. */
const VIDEOS = ['video/mp4', 'video/quicktime', 'video/webm'];
const MB = 1024 * 1024;

/** What a file field offers; the server looks at the content itself. */
export const ACCEPTED = [...IMAGES, ...VIDEOS].join(',');

interface FileLike {
  name: string;
  type: string;
  size: number;
}

/** What a file is, or in words why it cannot be sent, as far as its type and size tell (BC-20, BC-21). */
export function judge(file: FileLike): { kind: AttachmentKind } | { problem: string } {
  const { name, type, size } = file;
  if (type === 'image/svg+xml') return { problem: words.conversation.fileSvg(name) };
  const image = IMAGES.includes(type);
  if (!image && !VIDEOS.includes(type)) return { problem: words.conversation.fileType(name) };
  if (size === 0) return { problem: words.conversation.fileEmpty(name) };
  if (image && size > IMAGE_BYTES_MAX)
    return { problem: words.conversation.fileImageSize(name, IMAGE_BYTES_MAX / MB) };
  if (!image && size > VIDEO_BYTES_MAX)
    return { problem: words.conversation.fileVideoSize(name, VIDEO_BYTES_MAX / MB) };
  return { kind: image ? 'image' : 'video' };
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
  return null;
}
