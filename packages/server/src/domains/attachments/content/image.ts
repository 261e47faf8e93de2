import { IMAGE_PIXELS_MAX } from '@sotto/protocol';
import sharp from 'sharp';
import { BadImage, IMAGE_SECONDS, inspectImage } from '../../../platform/images/index.ts';
import { BadFile, damaged } from './bad-file.ts';
import { refuseForeign } from './foreign.ts';

/** The longer edge of each size, in pixels. */
const EDGES = { large: 2048, medium: 1280, small: 320 } as const;
/** Pixels of all frames together up to which an image keeps moving: ten seconds of what people pass around. */
const MOVING_PIXELS_MAX = 40_000_000;
const BLUR_EDGE = 16;
const BLUR_BYTES_MAX = 300;

export interface MadeImage {
  /** By name. What is missing is no smaller than the next larger one. */
  files: Map<'large.webp' | 'medium.webp' | 'small.webp', Buffer>;
  /** Of the large one, upright. */
  width: number;
  height: number;
  moving: boolean;
  /** A WebP in base64. */
  blur: string | null;
}

/**
 * An image as WebPs in three sizes, upright, in sRGB, without metadata. Its type is read from the bytes, and its size before
 * anything is decoded.
 * @throws BadFile
 */
export async function makeImage(bytes: Buffer): Promise<MadeImage> {
  const facts = await inspectImage(bytes, IMAGE_PIXELS_MAX).catch((error: unknown) => {
    if (!(error instanceof BadImage)) throw error;
    const max = error.reason === 'too_many_pixels' ? IMAGE_PIXELS_MAX : undefined;
    throw new BadFile(error.reason, 'header', max);
  });
  await refuseForeign({
    size: bytes.length,
    read: async (start, length) => bytes.subarray(start, start + length),
  });
  const still = await resized(bytes, EDGES.large).catch(cause => {
    throw Object.assign(damaged('it cannot be decoded'), { cause });
  });
  const frames = facts.frames > 1 ? await movingOf(bytes, facts.frames * facts.width * facts.height) : null;
  const large = frames ?? still;
  const files: MadeImage['files'] = new Map([['large.webp', large.data]]);
  const edge = Math.max(large.width, large.height);
  if (!frames && edge > EDGES.medium)
    files.set('medium.webp', (await resized(still.data, EDGES.medium)).data);
  if (frames || edge > EDGES.small) files.set('small.webp', (await resized(still.data, EDGES.small)).data);
  return {
    files,
    width: large.width,
    height: large.height,
    moving: frames !== null,
    blur: await blurOf(files.get('small.webp') ?? still.data),
  };
}

interface Sized {
  data: Buffer;
  width: number;
  height: number;
}

async function resized(bytes: Buffer, edge: number): Promise<Sized> {
  const { data, info } = await sharp(bytes, { limitInputPixels: IMAGE_PIXELS_MAX, pages: 1, failOn: 'error' })
    .timeout({ seconds: IMAGE_SECONDS })
    .autoOrient()
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** All frames, where they are not too much; else the first one has to do. */
async function movingOf(bytes: Buffer, pixels: number): Promise<Sized | null> {
  if (pixels > MOVING_PIXELS_MAX) return null;
  const { medium } = EDGES;
  try {
    const { data, info } = await sharp(bytes, {
      animated: true,
      limitInputPixels: MOVING_PIXELS_MAX,
      failOn: 'error',
    })
      .timeout({ seconds: IMAGE_SECONDS })
      .resize(medium, medium, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 70, effort: 1 })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.pageHeight ?? info.height };
  } catch (error) {
    if (error instanceof Error && /timeout/i.test(error.message)) return null;
    throw Object.assign(damaged('a frame cannot be decoded'), { cause: error });
  }
}

async function blurOf(bytes: Buffer): Promise<string | null> {
  const tiny = await sharp(bytes, { pages: 1 })
    .flatten({ background: '#808080' })
    .resize(BLUR_EDGE, BLUR_EDGE, { fit: 'inside' })
    .webp({ quality: 20, effort: 6 })
    .toBuffer();
  return tiny.length <= BLUR_BYTES_MAX ? tiny.toString('base64') : null;
}
