import {
  type AttachmentKind,
  IMAGE_BYTES_MAX,
  UPLOAD_CHUNK_BYTES_MIN,
  VIDEO_BYTES_MAX,
  VOICE_BYTES_MAX,
} from '@sotto/protocol';

export const DAY_MS = 24 * 3_600_000;
/** Uploads of one person that are not finished: three messages full. */
export const OPEN_MAX = 30;

export const bytesMax: Record<AttachmentKind, number> = {
  image: IMAGE_BYTES_MAX,
  video: VIDEO_BYTES_MAX,
  voice: VOICE_BYTES_MAX,
};

/** What an upload of the last day counts for in its owner's share, and when it began. */
export interface Counted {
  bytes: number;
  at: Date;
}

/**
 * When a further `bytes` fit into what one person may upload in 24 hours.
 * @param counted oldest first
 * @returns null: now. Else in so many seconds
 */
export function fitsIn(counted: readonly Counted[], bytes: number, max: number, now: Date): number | null {
  let used = counted.reduce((sum, one) => sum + one.bytes, 0);
  if (used + bytes <= max) return null;
  for (const one of counted) {
    used -= one.bytes;
    if (used + bytes <= max) return secondsUntil(new Date(one.at.getTime() + DAY_MS), now);
  }
  return DAY_MS / 1000;
}

const secondsUntil = (then: Date, now: Date): number =>
  Math.max(1, Math.ceil((then.getTime() - now.getTime()) / 1000));

/** What to do with a chunk of an upload. */
export type Placed = 'store' | 'stored' | 'elsewhere' | 'beyond' | 'small';

/** @param upload `stored`: where its next chunk begins */
export function placeOf(upload: { stored: number; bytes: number }, offset: number, length: number): Placed {
  const end = offset + length;
  if (end > upload.bytes) return 'beyond';
  if (end <= upload.stored) return 'stored';
  if (offset !== upload.stored) return 'elsewhere';
  // Each chunk is a row and a file: a hundred megabytes of single bytes would be a hundred million of them.
  return length < UPLOAD_CHUNK_BYTES_MIN && end < upload.bytes ? 'small' : 'store';
}

/** The media type of a stored file, by the name we gave it. */
export const typeOfFile: Record<string, string> = {
  'large.webp': 'image/webp',
  'medium.webp': 'image/webp',
  'small.webp': 'image/webp',
  'poster.webp': 'image/webp',
  'original.mp4': 'video/mp4',
  'original.webm': 'video/webm',
  'original.m4a': 'audio/mp4',
  'original.weba': 'audio/webm',
  'original.ogg': 'audio/ogg',
};

export const uploadFolder = (upload: string): string => `uploads/${upload}/`;
export const attachmentFolder = (attachment: string): string => `attachments/${attachment}/`;
