import { z } from 'zod';
import { VOICE_WAVEFORM_MAX, VOICE_WAVEFORM_PEAK } from '../limits.ts';
import { Id, Instant } from './common.ts';

/** What is sent with a message beside its text (BC-20, BC-21). */
export const AttachmentKind = z.enum(['image', 'video', 'voice']);
export type AttachmentKind = z.infer<typeof AttachmentKind>;

/** How loud a voice note is over its time, in steps of equal length. */
export const Waveform = z.array(z.int().min(0).max(VOICE_WAVEFORM_PEAK)).max(VOICE_WAVEFORM_MAX);

const path = z
  .string()
  .nullable()
  .describe('A signed path on this server, without its origin; null where the kind has none.');

/** Where the bytes are. Whoever has a link has the file until `expiresAt`: `getAttachment` gives fresh ones (BC-22). */
export const AttachmentLinks = z.object({
  expiresAt: Instant,
  original: path.describe('Of a video or a voice note: the file itself, for players; takes byte ranges.'),
  large: path.describe('Of an image: WebP, the longer edge at most 2048 pixels.'),
  medium: path.describe('Of an image: WebP, at most 1280.'),
  small: path.describe('Of an image: WebP, at most 320, never moving.'),
  poster: path.describe('Of a video that came with one: WebP, at most 1280.'),
});
export type AttachmentLinks = z.infer<typeof AttachmentLinks>;

/** An uploaded file, checked, without its metadata. */
export const Attachment = z.object({
  id: Id,
  kind: AttachmentKind,
  type: z
    .string()
    .describe(
      'Media type by content: `image/webp`, `video/mp4`, `video/webm`, `audio/webm`, `audio/mp4`, `audio/ogg`.',
    ),
  bytes: z.int().describe('Of the largest file behind `links`.'),
  width: z.int().nullable().describe('Pixels as shown, upright; null for voice.'),
  height: z.int().nullable(),
  seconds: z.number().nullable().describe('How long it plays; null for images.'),
  moving: z.boolean().describe('An image that moves, or a video.'),
  blur: z
    .string()
    .max(400)
    .nullable()
    .describe('A WebP of at most 16 pixels an edge, in base64: to be shown blurred until the rest is there.'),
  waveform: Waveform.nullable(),
  links: AttachmentLinks,
});
export type Attachment = z.infer<typeof Attachment>;

/** What an upload expects next. */
export const UploadProgress = z.object({
  offset: z.int().describe('Bytes stored; the next chunk begins here.'),
  bytes: z.int().describe('Bytes of the whole file, as told when the upload began.'),
});
