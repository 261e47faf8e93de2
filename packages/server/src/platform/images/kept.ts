import { randomBytes } from 'node:crypto';
import type { Blobs } from '../blobs/index.ts';
import { PICTURE_SIZES, type PictureSize } from './pictures.ts';

const blobKey = (picture: string, size: PictureSize): string => `pictures/${picture}-${size}.webp`;

/**
 * Keeps a picture under a random name that is never used again, so that a browser may keep it for ever. Nothing is left where
 * that fails.
 * @returns the name: `/files/pictures/<name>-96.webp` and `-384.webp` give it
 */
export async function keepPicture(blobs: Blobs, files: Record<PictureSize, Buffer>): Promise<string> {
  const picture = randomBytes(16).toString('hex');
  try {
    for (const size of PICTURE_SIZES) await blobs.put(blobKey(picture, size), files[size]);
    return picture;
  } catch (error) {
    await dropPicture(blobs, picture, () => undefined);
    throw error;
  }
}

/**
 * A copy under a name of its own, which stays when the picture goes.
 * @returns null where the picture is not there any more
 */
export async function copyPicture(blobs: Blobs, picture: string): Promise<string | null> {
  const [small, large] = await Promise.all([
    blobs.get(blobKey(picture, 96)),
    blobs.get(blobKey(picture, 384)),
  ]);
  return small && large ? keepPicture(blobs, { 96: small, 384: large }) : null;
}

/** A file that stays behind costs a few kilobytes; the call it belongs to has done what it should. */
export async function dropPicture(
  blobs: Blobs,
  picture: string,
  onError: (error: unknown) => void,
): Promise<void> {
  const results = await Promise.allSettled(PICTURE_SIZES.map(size => blobs.delete(blobKey(picture, size))));
  for (const result of results) if (result.status === 'rejected') onError(result.reason);
}
