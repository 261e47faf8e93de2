import type { Me } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { dropPicture, keepPicture, type PictureSize } from '../../platform/images/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { emitMe } from './projections.ts';
import { lockAccount, updatePicture } from './store.ts';

/** The files are there before the account names them, and go only when it has stopped naming them. */
export async function doChangePicture(
  context: Context,
  viewer: Viewer,
  files: Record<PictureSize, Buffer>,
): Promise<Me> {
  const picture = await keepPicture(context.blobs, files);
  try {
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

const deleteFiles = ({ blobs, log }: Context, picture: string): Promise<void> =>
  dropPicture(blobs, picture, error => log.warn({ err: error, picture }, 'picture file not deleted'));

const fileName = /^[0-9a-f]{32}-(?:96|384)\.webp$/;

/** The bytes of `/files/pictures/<name>`; null for any name that is not one of ours. */
export const readPicture = async ({ blobs }: Context, name: string): Promise<Buffer | null> =>
  fileName.test(name) ? blobs.get(`pictures/${name}`) : null;
