import type { AccountId, AttachmentKind } from '@sotto/protocol';
import { type Selectable, sql } from 'kysely';
import type { Executor, Schema, Tx } from '../../platform/db/index.ts';
import type { Chunk } from './content/source.ts';
import type { Counted } from './policy.ts';

export type UploadRow = Selectable<Schema['uploads']>;
export type AttachmentRow = Selectable<Schema['attachments']>;

export const readUpload = (executor: Executor, id: string): Promise<UploadRow | undefined> =>
  executor.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();

/** Held until the transaction ends: what one person opens is counted one at a time. */
export const lockUploadsOf = async (tx: Tx, owner: AccountId): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`uploads ${owner}`}, 0))`.execute(tx);
};

/** Uploads of someone since then, oldest first, and how many of them are open. */
export async function readShare(
  tx: Tx,
  owner: AccountId,
  since: Date,
): Promise<{ counted: Counted[]; open: number }> {
  const rows = await tx
    .selectFrom('uploads')
    .select(['bytes', 'stored', 'state', 'created_at'])
    .where('owner_id', '=', owner)
    .where('created_at', '>', since)
    .orderBy('created_at')
    .execute();
  return {
    // What was given up or refused counts for what came of it.
    counted: rows.map(row => ({
      bytes: row.state === 'open' || row.state === 'done' ? row.bytes : row.stored,
      at: row.created_at,
    })),
    open: rows.filter(row => row.state === 'open').length,
  };
}

export const insertUpload = async (
  tx: Tx,
  row: {
    id: string;
    owner_id: AccountId;
    kind: AttachmentKind;
    name: string;
    bytes: number;
    created_at: Date;
  },
): Promise<void> => {
  await tx.insertInto('uploads').values(row).execute();
};

/** False where another chunk was faster, or the upload is over. */
export async function appendChunk(tx: Tx, upload: string, chunk: Chunk): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('uploads')
    .set({ stored: chunk.start + chunk.bytes })
    .where('id', '=', upload)
    .where('stored', '=', chunk.start)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx
    .insertInto('upload_chunks')
    .values({ upload_id: upload, ...chunk })
    .execute();
  return true;
}

export const readChunks = (executor: Executor, upload: string): Promise<Chunk[]> =>
  executor
    .selectFrom('upload_chunks')
    .select(['start', 'bytes', 'key'])
    .where('upload_id', '=', upload)
    .orderBy('start')
    .execute();

/** Takes an open upload for one node, for a while. False: another has it, or it is not open any more. */
export async function claimUpload(executor: Executor, id: string, now: Date, until: Date): Promise<boolean> {
  const { numUpdatedRows } = await executor
    .updateTable('uploads')
    .set({ finishing_until: until })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where(row => row.or([row('finishing_until', 'is', null), row('finishing_until', '<', now)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export const releaseUpload = async (executor: Executor, id: string): Promise<void> => {
  await executor.updateTable('uploads').set({ finishing_until: null }).where('id', '=', id).execute();
};

/** Ends an open upload; its chunks are forgotten. False: it was not open any more. */
export async function endUpload(
  tx: Tx,
  id: string,
  state: 'done' | 'refused' | 'cancelled',
  refusal: { reason: string; max?: number } | null = null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('uploads')
    .set({ state, refusal: refusal && JSON.stringify(refusal) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tx.deleteFrom('upload_chunks').where('upload_id', '=', id).execute();
  return true;
}

export type NewAttachment = Omit<AttachmentRow, 'conversation_id' | 'seq'>;

export const insertAttachment = async (tx: Tx, row: NewAttachment): Promise<AttachmentRow> => {
  const { waveform, ...rest } = row;
  return tx
    .insertInto('attachments')
    .values({ ...rest, waveform: waveform && JSON.stringify(waveform) })
    .returningAll()
    .executeTakeFirstOrThrow();
};

export const readAttachment = (executor: Executor, id: string): Promise<AttachmentRow | undefined> =>
  executor.selectFrom('attachments').selectAll().where('id', '=', id).executeTakeFirst();

export const readAttachments = (executor: Executor, ids: readonly string[]): Promise<AttachmentRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : executor.selectFrom('attachments').selectAll().where('id', 'in', ids).execute();

/** Deletes one that no message has. False: there is none. */
export async function deleteUnsent(tx: Tx, id: string, owner: AccountId): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('attachments')
    .where('id', '=', id)
    .where('owner_id', '=', owner)
    .where('conversation_id', 'is', null)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Takes the oldest uploads that began before then, whatever became of them; nobody else gets these. */
export const deleteOldUploads = (
  tx: Tx,
  before: Date,
  max: number,
): Promise<{ id: string; state: UploadRow['state'] }[]> =>
  tx
    .deleteFrom('uploads')
    .where('id', 'in', uploads =>
      uploads
        .selectFrom('uploads')
        .select('id')
        .where('created_at', '<', before)
        .orderBy('created_at')
        .limit(max)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'state'])
    .execute();

/** As `deleteOldUploads`, of attachments that were never sent. */
export const deleteOldUnsent = (tx: Tx, before: Date, max: number): Promise<{ id: string }[]> =>
  tx
    .deleteFrom('attachments')
    .where('id', 'in', attachments =>
      attachments
        .selectFrom('attachments')
        .select('id')
        .where('conversation_id', 'is', null)
        .where('created_at', '<', before)
        .orderBy('created_at')
        .limit(max)
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .execute();
