import type { Context } from './context.ts';
import { attachmentFolder, DAY_MS, uploadFolder } from './policy.ts';
import { deleteOldUnsent, deleteOldUploads } from './store.ts';

/** At a time: their files are deleted before the rows are gone for good. */
const BATCH = 20;

/** Uploads and attachments of yesterday that no message has, with their files. To be called on any node, at any time. */
export async function sweep(context: Context): Promise<void> {
  const before = new Date(context.now().getTime() - DAY_MS);
  while ((await sweepUploads(context, before)) === BATCH);
  while ((await sweepUnsent(context, before)) === BATCH);
}

/** Of one that is done, the attachment stays: it may be sent. */
const sweepUploads = ({ blobs, transact }: Context, before: Date): Promise<number> =>
  transact(async ({ tx }) => {
    const old = await deleteOldUploads(tx, before, BATCH);
    for (const { id, state } of old) {
      await blobs.deleteAll(uploadFolder(id));
      if (state !== 'done') await blobs.deleteAll(attachmentFolder(id));
    }
    return old.length;
  });

const sweepUnsent = ({ blobs, transact }: Context, before: Date): Promise<number> =>
  transact(async ({ tx }) => {
    const old = await deleteOldUnsent(tx, before, BATCH);
    for (const { id } of old) await blobs.deleteAll(attachmentFolder(id));
    return old.length;
  });
