import { createHmac } from 'node:crypto';
import type { LinkPreview } from '@sotto/protocol';
import sharp from 'sharp';
import { IMAGE_SECONDS, imageQueue, inspectImage } from '../../platform/images/index.ts';
import type { Shelf } from './shelf.ts';

/** Pixels along the longer edge: a card at its widest, on a fine screen. */
const EDGE_MAX = 720;
/** Smaller than this, it is a spacer or a counter. */
const EDGE_MIN = 48;
const PIXELS_MAX = 25_000_000;
const BLUR_EDGE = 16;
const WAITING_MAX = 50;

/**
 * Makes our own copy of a page's picture: decoded, drawn anew as WebP, without its metadata. Its name comes from what is in
 * it, so that the same picture is kept once, and from a key of ours, so that nobody can ask whether it is here.
 * @returns null for what is no picture, or none to look at
 */
export async function keepImage(shelf: Shelf, key: Buffer, bytes: Uint8Array): Promise<LinkPreview['image']> {
  const made = await imageQueue(() => makeImage(bytes), WAITING_MAX);
  if (!made?.result) return null;
  const { data, width, height, blur } = made.result;
  const name = `${createHmac('sha256', key).update(data).digest('hex').slice(0, 40)}.webp`;
  await shelf.put(name, data);
  return { path: `/previews/${name}`, width, height, blur };
}

async function makeImage(bytes: Uint8Array) {
  try {
    const { width, height } = await inspectImage(bytes, PIXELS_MAX);
    if (Math.min(width, height) < EDGE_MIN) return null;
    const { data, info } = await sharp(bytes, { limitInputPixels: PIXELS_MAX, pages: 1, failOn: 'error' })
      .timeout({ seconds: IMAGE_SECONDS })
      .autoOrient()
      .resize(EDGE_MAX, EDGE_MAX, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 78 })
      .toBuffer({ resolveWithObject: true });
    const blur = await sharp(data)
      .resize(BLUR_EDGE, BLUR_EDGE, { fit: 'inside' })
      .webp({ quality: 40 })
      .toBuffer();
    return { data, width: info.width, height: info.height, blur: blur.toString('base64') };
  } catch {
    // Whatever a stranger's bytes do to the decoder: the card has no picture then.
    return null;
  }
}
