import { randomBytes } from 'node:crypto';
import type { Me } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { PICTURE_SIZES, type PictureSize } from '../../platform/images/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { emitMe } from './projections.ts';
import { lockAccount, updatePicture } from './store.ts';

const blobKey = (picture: string, size: PictureSize): string => `pictures/${picture}-${size}.webp`;

/**
 * Under a random name that is never used again, so that a browser may keep it for ever. The files are there before the
 * account names them, and go only when it has stopped naming them.
 */
export async function doChangePicture(
  context: Context,
  viewer: Viewer,
  files: Record<PictureSize, Buffer>,
): Promise<Me> {
  const picture = randomBytes(16).toString('hex');
  try {
    for (const size of PICTURE_SIZES) await context.blobs.put(blobKey(picture, size), files[size]);
    return await doSetPicture(context, viewer, picture);
  } catch (error) {
    await deleteFiles(context, picture);
    throw error;
  }
}

export const doRemovePicture = (context: Context, viewer: Viewer): Promise<Me> =>
  doSetPicture(context, viewer, null);

async function doSetPicture(context: Context, viewer: Viewer, picture: string | null): Promise<Me> {
  const { me, old } = await context.transact(async work => {
    const account = await lockAccount(work.tx, viewer.account);
    if (!account) throw refuse('not_signed_in');
    await updatePicture(work.tx, account.id, picture);
    return { me: await emitMe(context, work, account.id), old: account.picture };
  });
  if (old !== null) await deleteFiles(context, old);
  return me;
}

/** A file that stays behind costs a few kilobytes; the call it belongs to has done what it should. */
async function deleteFiles(context: Context, picture: string): Promise<void> {
  const results = await Promise.allSettled(
    PICTURE_SIZES.map(size => context.blobs.delete(blobKey(picture, size))),
  );
  for (const result of results)
    if (result.status === 'rejected')
      context.log.warn({ err: result.reason, picture }, 'picture file not deleted');
}

const fileName = /^[0-9a-f]{32}-(?:96|384)\.webp$/;

/** The bytes of `/files/pictures/<name>`; null for any name that is not one of ours. */
export const readPicture = async ({ blobs }: Context, name: string): Promise<Buffer | null> =>
  fileName.test(name) ? blobs.get(`pictures/${name}`) : null;
