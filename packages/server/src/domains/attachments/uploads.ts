import { randomBytes } from 'node:crypto';
import {
  type AttachmentKind,
  type BytesStream,
  UPLOAD_CHUNK_BYTES_MAX,
  UPLOAD_CHUNK_BYTES_MIN,
} from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { refuse } from '../../platform/refusal.ts';
import { ownUpload } from './access.ts';
import type { Context } from './context.ts';
import { attachmentFolder, bytesMax, DAY_MS, fitsIn, OPEN_MAX, placeOf, uploadFolder } from './policy.ts';
import { appendChunk, deleteUnsent, endUpload, insertUpload, lockUploadsOf, readShare } from './store.ts';

/** Seconds after which one of too many open uploads may be over. */
const OPEN_RETRY = 30;

export async function doOpenUpload(
  context: Context,
  viewer: Viewer,
  file: { kind: AttachmentKind; bytes: number; name?: string | undefined },
) {
  const max = bytesMax[file.kind];
  if (file.bytes === 0) throw refuse('attachment_rejected', { reason: 'empty' });
  if (file.bytes > max) throw refuse('attachment_rejected', { reason: 'too_large', max });
  const now = context.now();
  const id = uuidv7(now.getTime());
  await context.transact(async ({ tx }) => {
    await lockUploadsOf(tx, viewer.account);
    const { counted, open } = await readShare(tx, viewer.account, new Date(now.getTime() - DAY_MS));
    if (open >= OPEN_MAX) throw refuse('rate_limited', { retryAfter: OPEN_RETRY });
    const retryAfter = fitsIn(counted, file.bytes, context.dailyBytes, now);
    if (retryAfter !== null) throw refuse('rate_limited', { retryAfter });
    const { kind, bytes, name = '' } = file;
    await insertUpload(tx, { id, owner_id: viewer.account, kind, name, bytes, created_at: now });
  });
  return {
    upload: id,
    offset: 0,
    chunkBytes: UPLOAD_CHUNK_BYTES_MAX,
    expiresAt: new Date(now.getTime() + DAY_MS).toISOString(),
  };
}

/** The chunk is on disk before the row says so, and goes again if the row says otherwise. */
export async function doStoreChunk(
  context: Context,
  viewer: Viewer,
  id: string,
  offset: number,
  bytes: BytesStream,
): Promise<{ offset: number }> {
  const upload = await ownUpload(context.db, viewer.account, id);
  if (upload.state === 'refused') throw refuse('not_found');
  const place = placeOf(upload, offset, bytes.length);
  if (place === 'stored') return { offset: upload.stored };
  if (place === 'beyond') throw refuse('attachment_rejected', { reason: 'too_large', max: upload.bytes });
  if (place === 'elsewhere') throw refuse('upload_offset', { offset: upload.stored });
  if (place === 'small')
    throw refuse('invalid_input', {
      issues: [
        {
          path: 'body',
          problem: 'too_small',
          expected: `at least ${UPLOAD_CHUNK_BYTES_MIN} bytes in all chunks but the last`,
        },
      ],
    });
  const name = `${String(offset).padStart(9, '0')}-${randomBytes(6).toString('hex')}`;
  const key = `${uploadFolder(id)}${name}`;
  await context.blobs.putStream(key, bytes);
  const stored = await context
    .transact(({ tx }) => appendChunk(tx, id, { start: offset, bytes: bytes.length, key }))
    .catch(async error => {
      await context.blobs.delete(key);
      throw error;
    });
  if (stored) return { offset: offset + bytes.length };
  await context.blobs.delete(key);
  // The same chunk came twice at once, or the upload ended meanwhile.
  const now = await ownUpload(context.db, viewer.account, id);
  if (placeOf(now, offset, bytes.length) === 'stored') return { offset: now.stored };
  throw refuse('upload_offset', { offset: now.stored });
}

export async function doCancelUpload(context: Context, viewer: Viewer, id: string): Promise<void> {
  const upload = await ownUpload(context.db, viewer.account, id);
  const ended = await context.transact(async ({ tx }) =>
    upload.state === 'done' ? deleteUnsent(tx, id, viewer.account) : endUpload(tx, id, 'cancelled'),
  );
  // Sent meanwhile: it belongs to a message now, and messages stay.
  if (!ended) throw refuse('not_found');
  await context.blobs.deleteAll(uploadFolder(id));
  await context.blobs.deleteAll(attachmentFolder(id));
}
