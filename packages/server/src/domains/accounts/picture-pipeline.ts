import { PICTURE_PIXELS_MAX } from '@sotto/protocol';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { refuse } from '../../platform/refusal.ts';

export const PICTURE_SIZES = [96, 384] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];

const types = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);
/** No picture within the bounds takes this long; one that is built to take for ever is given up. */
const SECONDS = 15;

// The audio plane shares this machine: one thread per picture, and nothing kept for a next time.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Square WebPs around the middle of a picture, upright, without its metadata; of a moving one, the first frame.
 * The type is read from the bytes, and the size before anything is decoded.
 * @throws Refusal `picture_rejected`
 */
export async function makePictures(bytes: Uint8Array): Promise<Record<PictureSize, Buffer>> {
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (!type || !types.has(type.mime)) throw refuse('picture_rejected', { reason: 'type' });
  const open = () => sharp(bytes, { limitInputPixels: false, pages: 1, failOn: 'error' });
  const { width, height } = await open()
    .metadata()
    .catch(() => {
      throw refuse('picture_rejected', { reason: 'damaged' });
    });
  if (width * height > PICTURE_PIXELS_MAX) throw refuse('picture_rejected', { reason: 'too_many_pixels' });
  try {
    const large = await sharp(bytes, { limitInputPixels: PICTURE_PIXELS_MAX, pages: 1, failOn: 'error' })
      .timeout({ seconds: SECONDS })
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
