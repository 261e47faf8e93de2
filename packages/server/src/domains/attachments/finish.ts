import type { Attachment } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { boundedQueue, imageQueue } from '../../platform/images/index.ts';
import { Refusal, refuse } from '../../platform/refusal.ts';
import { ownUpload } from './access.ts';
import { BadFile } from './content/bad-file.ts';
import { makeImage } from './content/image.ts';
import { checkMedia } from './content/media.ts';
import { patcher } from './content/patch.ts';
import { type Chunk, chunkSource, piecesOf } from './content/source.ts';
import type { Context } from './context.ts';
import { attachmentFolder, typeOfFile, uploadFolder } from './policy.ts';
import {
  type AttachmentRow,
  claimUpload,
  deleteUnsent,
  endUpload,
  insertAttachment,
  type NewAttachment,
  readAttachment,
  readChunks,
  releaseUpload,
  type UploadRow,
} from './store.ts';

/** What the client says beside the file. */
export interface FinishWith {
  poster?: string | undefined;
  waveform?: number[] | undefined;
}

/** Longer than any file takes; a node that died in it is not waited for longer. */
const CLAIM_MS = 3 * 60_000;
/** Reading and writing a hundred megabytes takes no memory, but the disk. */
const mediaQueue = boundedQueue(3);
/** One that waits holds nothing of its file. */
const WAITING = 100;

/** The attachment of an upload, made now or before. */
export async function doFinishUpload(
  context: Context,
  viewer: Viewer,
  id: string,
  extra: FinishWith,
): Promise<Attachment> {
  const before = await readAttachment(context.db, id);
  if (before?.owner_id === viewer.account) return context.links.present(before);
  const upload = await ownUpload(context.db, viewer.account, id);
  if (upload.refusal) throw refuse('attachment_rejected', upload.refusal);
  if (upload.state !== 'open') throw refuse('not_found');
  if (upload.stored < upload.bytes) throw refuse('upload_offset', { offset: upload.stored });
  refuseMisplaced(upload, extra);
  const poster = await posterOf(context, viewer, extra.poster);
  const running = context.finishing.get(id);
  if (running !== undefined) return running;
  const work = finishInTurn(context, upload, extra, poster).finally(() => context.finishing.delete(id));
  context.finishing.set(id, work);
  return work;
}

function refuseMisplaced(upload: UploadRow, extra: FinishWith): void {
  const wrong =
    (extra.poster !== undefined && upload.kind !== 'video' && 'poster') ||
    (extra.waveform !== undefined && upload.kind !== 'voice' && 'waveform');
  if (wrong)
    throw refuse('invalid_input', {
      issues: [{ path: `body.${wrong}`, problem: 'unknown_field', expected: `none of ${upload.kind}` }],
    });
}

async function posterOf(
  context: Context,
  viewer: Viewer,
  id: string | undefined,
): Promise<AttachmentRow | null> {
  if (id === undefined) return null;
  const row = await readAttachment(context.db, id);
  if (row?.owner_id !== viewer.account || row.kind !== 'image' || row.conversation_id !== null)
    throw refuse('attachment_unknown', { attachment: id });
  return row;
}

async function finishInTurn(
  context: Context,
  upload: UploadRow,
  extra: FinishWith,
  poster: AttachmentRow | null,
): Promise<Attachment> {
  const inTurn = upload.kind === 'image' ? imageQueue : mediaQueue;
  const done = await inTurn(async () => {
    const now = context.now();
    if (!(await claimUpload(context.db, upload.id, now, new Date(now.getTime() + CLAIM_MS)))) {
      // Given up meanwhile, or another node is at it.
      await ownUpload(context.db, upload.owner_id, upload.id);
      throw refuse('rate_limited', { retryAfter: 2 });
    }
    return finishClaimed(context, upload, extra, poster);
  }, WAITING);
  if (!done) throw refuse('rate_limited', { retryAfter: 5 });
  return done.result;
}

async function finishClaimed(
  context: Context,
  upload: UploadRow,
  extra: FinishWith,
  poster: AttachmentRow | null,
): Promise<Attachment> {
  const { id, kind } = upload;
  const made = await make(context, upload, poster).catch(error => undone(context, upload, error));
  const row = await keep(context, upload, { ...made, waveform: extra.waveform ?? null }, poster).catch(
    // A commit that broke off may have been one: then the files are needed. The sweep knows.
    error => (error instanceof Refusal ? undone(context, upload, error) : Promise.reject(error)),
  );
  context.finished.inc({ kind, outcome: 'done' });
  await forgetFiles(context, uploadFolder(id));
  if (poster) await forgetFiles(context, attachmentFolder(poster.id));
  return context.links.present(row);
}

async function make(context: Context, { id, kind }: UploadRow, poster: AttachmentRow | null): Promise<Made> {
  const chunks = await readChunks(context.db, id);
  return kind === 'image' ? storeImage(context, id, chunks) : storeMedia(context, id, kind, chunks, poster);
}

/** Whatever went wrong, nothing of it stays. */
async function undone(context: Context, upload: UploadRow, error: unknown): Promise<never> {
  await forgetFiles(context, attachmentFolder(upload.id));
  if (error instanceof BadFile) throw await refused(context, upload, error);
  await releaseUpload(context.db, upload.id);
  const { state } = await ownUpload(context.db, upload.owner_id, upload.id);
  throw state === 'open' ? error : refuse('not_found');
}

type Made = Omit<NewAttachment, 'id' | 'owner_id' | 'kind' | 'waveform' | 'created_at'>;

async function storeImage(context: Context, id: string, chunks: readonly Chunk[]): Promise<Made> {
  const image = await makeImage(await wholeOf(context, chunks));
  for (const [name, bytes] of image.files) await context.blobs.put(`${attachmentFolder(id)}${name}`, bytes);
  return {
    type: 'image/webp',
    bytes: image.files.get('large.webp')?.length ?? 0,
    width: image.width,
    height: image.height,
    seconds: null,
    moving: image.moving,
    blur: image.blur,
    file_names: [...image.files.keys()],
  };
}

const wholeOf = async ({ blobs }: Context, chunks: readonly Chunk[]): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(piecesOf(blobs, chunks)));

async function storeMedia(
  context: Context,
  id: string,
  kind: 'video' | 'voice',
  chunks: readonly Chunk[],
  poster: AttachmentRow | null,
): Promise<Made> {
  const { blobs } = context;
  const { file, width, height, seconds, patches } = await checkMedia(chunkSource(blobs, chunks), kind);
  const patch = patcher(patches);
  const copy = async function* () {
    for await (const piece of piecesOf(blobs, chunks)) yield patch(piece);
  };
  const bytes = await blobs.putStream(`${attachmentFolder(id)}${file}`, copy());
  if (poster) await copyPoster(context, poster, id);
  return {
    type: typeOfFile[file] ?? '',
    bytes,
    width,
    height,
    seconds,
    moving: kind === 'video',
    blur: poster?.blur ?? null,
    file_names: poster ? [file, 'poster.webp'] : [file],
  };
}

async function copyPoster({ blobs }: Context, poster: AttachmentRow, id: string): Promise<void> {
  const still = poster.moving ? ['small.webp'] : ['medium.webp', 'large.webp'];
  const name = still.find(file => poster.file_names.includes(file));
  const bytes = name && (await blobs.get(`${attachmentFolder(poster.id)}${name}`));
  if (!bytes) throw refuse('attachment_unknown', { attachment: poster.id });
  await blobs.put(`${attachmentFolder(id)}poster.webp`, bytes);
}

/** The poster becomes a part of its video: it is no attachment of its own any more. */
const keep = (
  context: Context,
  { id, owner_id, kind }: UploadRow,
  made: Made & Pick<NewAttachment, 'waveform'>,
  poster: AttachmentRow | null,
): Promise<AttachmentRow> =>
  context.transact(async ({ tx }) => {
    if (!(await endUpload(tx, id, 'done'))) throw refuse('not_found');
    if (poster && !(await deleteUnsent(tx, poster.id, owner_id)))
      throw refuse('attachment_unknown', { attachment: poster.id });
    return insertAttachment(tx, { id, owner_id, kind, ...made, created_at: context.now() });
  });

async function refused(context: Context, upload: UploadRow, error: BadFile) {
  const { reason, max } = error;
  const refusal = { reason, ...(max !== undefined && { max }) };
  await context.transact(({ tx }) => endUpload(tx, upload.id, 'refused', refusal));
  await forgetFiles(context, uploadFolder(upload.id));
  context.finished.inc({ kind: upload.kind, outcome: reason });
  context.log.info({ upload: upload.id, kind: upload.kind, why: error.message }, 'attachment refused');
  return refuse('attachment_rejected', refusal);
}

/** The sweep finds what could not be deleted now. */
async function forgetFiles({ blobs, log }: Context, folder: string): Promise<void> {
  await blobs.deleteAll(folder).catch(error => log.warn({ err: error, folder }, 'files not deleted'));
}
