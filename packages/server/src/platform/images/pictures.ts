import { PICTURE_PIXELS_MAX } from '@sotto/protocol';
import sharp from 'sharp';
import { refuse } from '../refusal.ts';
import { BadImage, IMAGE_SECONDS, imageQueue, inspectImage } from './read.ts';

export const PICTURE_SIZES = [96, 384] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];

/** One that waits holds 10 MB. */
const WAITING = 12;

/**
 * Square WebPs around the middle of a picture of somebody or something, upright, without its metadata; of a moving one,
 * the first frame. The type is read from the bytes, and the size before anything is decoded.
 * @throws Refusal `picture_rejected`, or `rate_limited` where too many wait
 */
export async function checkPicture(bytes: Uint8Array): Promise<Record<PictureSize, Buffer>> {
  const done = await imageQueue(() => makePictures(bytes), WAITING);
  if (!done) throw refuse('rate_limited', { retryAfter: 5 });
  return done.result;
}

async function makePictures(bytes: Uint8Array): Promise<Record<PictureSize, Buffer>> {
  await inspectImage(bytes, PICTURE_PIXELS_MAX).catch((error: unknown) => {
    throw error instanceof BadImage ? refuse('picture_rejected', { reason: error.reason }) : error;
  });
  try {
    const large = await sharp(bytes, { limitInputPixels: PICTURE_PIXELS_MAX, pages: 1, failOn: 'error' })
      .timeout({ seconds: IMAGE_SECONDS })
      .autoOrient()
      .resize(384, 384, { fit: 'cover', position: 'centre' })
      .webp({ quality: 82 })
      .toBuffer();
    const small = await sharp(large).resize(96, 96).webp({ quality: 82 }).toBuffer();
    return { 96: small, 384: large };
  } catch {
    throw refuse('picture_rejected', { reason: 'damaged' });
  }
}
