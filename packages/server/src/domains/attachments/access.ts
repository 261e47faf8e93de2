import type { AccountId } from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { AttachmentPorts } from './context.ts';
import { type AttachmentRow, readAttachment, readUpload, type UploadRow } from './store.ts';

/** The only way from an upload's id to the upload: as its owner. Absent and somebody else's are refused alike. */
export async function ownUpload(executor: Executor, account: AccountId, id: string): Promise<UploadRow> {
  const upload = await readUpload(executor, id);
  if (upload?.owner_id !== account || upload.state === 'cancelled') throw refuse('not_found');
  return upload;
}

/** An attachment of one's own that was not sent yet, or one in a message that one may read. */
export async function visibleAttachment(
  executor: Executor,
  ports: AttachmentPorts,
  account: AccountId,
  id: string,
): Promise<AttachmentRow> {
  const attachment = await readAttachment(executor, id);
  if (!attachment) throw refuse('not_found');
  const { conversation_id, seq, owner_id } = attachment;
  const visible =
    conversation_id === null || seq === null
      ? owner_id === account
      : await ports.maySee(account, conversation_id, seq);
  if (!visible) throw refuse('not_found');
  return attachment;
}
