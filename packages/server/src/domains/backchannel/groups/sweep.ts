import { dropPicture } from '../../../platform/images/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import { deleteEmptyGroups } from './store.ts';

/** Groups that nobody is in any more go, with their pictures. To be called now and then, on any node. */
export async function sweepGroups({ transact, blobs, log }: Platform): Promise<void> {
  const pictures = await transact(({ tx }) => deleteEmptyGroups(tx));
  for (const picture of pictures)
    await dropPicture(blobs, picture, error => log.warn({ err: error, picture }, 'picture file not deleted'));
}
