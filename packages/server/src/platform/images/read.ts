import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { boundedQueue } from './bounded-queue.ts';

// The audio plane shares this machine: one thread per image, and nothing kept for a next time.
sharp.concurrency(1);
sharp.cache(false);

/** No image within the bounds takes this long; one that is built to take for ever is given up. */
export const IMAGE_SECONDS = 30;

/** A decoded image takes some 100 MB at its worst. Of the process, hence one queue for all apps in it. */
export const imageQueue = boundedQueue(2);

const types = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

/** Bytes that are not an image we take, and why. */
export class BadImage extends Error {
  readonly reason: 'type' | 'damaged' | 'too_many_pixels';

  constructor(reason: BadImage['reason'], cause?: unknown) {
    super(reason, { cause });
    this.name = 'BadImage';
    this.reason = reason;
  }
}

export interface ImageFacts {
  /** Media type, read from the bytes. */
  type: string;
  /** Pixels of one frame, as stored. */
  width: number;
  height: number;
  /** More than one: it moves. */
  frames: number;
}

/**
 * What the header of an image says. Nothing is decoded yet.
 * @throws BadImage
 */
export async function inspectImage(bytes: Uint8Array, maxPixels: number): Promise<ImageFacts> {
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (!type || !types.has(type.mime)) throw new BadImage('type');
  const { width, height, pages } = await sharp(bytes, { limitInputPixels: false, pages: 1, failOn: 'error' })
    .metadata()
    .catch(cause => {
      throw new BadImage('damaged', cause);
    });
  if (width * height > maxPixels) throw new BadImage('too_many_pixels');
  return { type: type.mime, width, height, frames: pages ?? 1 };
}
