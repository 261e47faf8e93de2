import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { UPLOAD_CHUNK_BYTES_MAX, VIDEO_BYTES_MAX } from '../limits.ts';
import { Attachment, AttachmentKind, UploadProgress, Waveform } from '../schemas/attachments.ts';
import { Id, Instant, line } from '../schemas/common.ts';

const tag = 'Attachments';
const upload = z.strictObject({ upload: Id });

export const attachmentCalls = defineCalls({
  'POST /v1/uploads': {
    name: 'openUpload',
    tag,
    summary:
      'Begin to upload a file for a message. Its chunks follow in order; unfinished, it is gone a day later.',
    access: 'member',
    body: z.strictObject({
      kind: AttachmentKind,
      bytes: z.int().min(0).max(Number.MAX_SAFE_INTEGER).describe('Of the whole file.'),
      name: line(255).optional().describe('As it is called on the device: nothing is decided by it.'),
    }),
    response: z.object({
      upload: Id.describe('Also the id of the attachment that it becomes.'),
      offset: z.int(),
      chunkBytes: z.int().describe('The largest chunk taken. On a slow network send smaller ones.'),
      expiresAt: Instant,
    }),
    errors: ['attachment_rejected'],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'PUT /v1/uploads/:upload/bytes': {
    name: 'uploadChunk',
    tag,
    summary:
      'The bytes from `offset` on. A chunk that is stored already is not stored again; any other place than the next is answered with the right one.',
    access: 'member',
    params: upload,
    query: z.strictObject({ offset: z.coerce.number().int().min(0).max(VIDEO_BYTES_MAX) }),
    bytes: { types: ['application/octet-stream'], max: UPLOAD_CHUNK_BYTES_MAX, streamed: true },
    response: z.object({ offset: z.int() }),
    errors: ['not_found', 'upload_offset', 'attachment_rejected'],
    limit: { max: 1200, seconds: 60, per: 'account' },
  },
  'GET /v1/uploads/:upload': {
    name: 'getUpload',
    tag,
    summary: 'How far an upload of yours is: to go on after a break.',
    access: 'member',
    params: upload,
    response: UploadProgress,
    errors: ['not_found'],
  },
  'DELETE /v1/uploads/:upload': {
    name: 'cancelUpload',
    tag,
    summary: 'Give an upload up, or a finished attachment that no message has: its bytes are deleted.',
    access: 'member',
    params: upload,
    errors: ['not_found'],
  },
  'POST /v1/uploads/:upload/finish': {
    name: 'finishUpload',
    tag,
    summary:
      'All bytes are there: check them by content, drop metadata, make the sizes. A repeat gets the same attachment, or the same refusal, again.',
    access: 'member',
    params: upload,
    body: z.strictObject({
      poster: Id.optional().describe('For a video: an image of yours, uploaded and finished, not sent yet.'),
      waveform: Waveform.optional().describe('For a voice note, as the device measured it.'),
    }),
    response: Attachment,
    errors: ['not_found', 'upload_offset', 'attachment_rejected', 'attachment_unknown'],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'GET /v1/attachments/:attachment': {
    name: 'getAttachment',
    tag,
    summary:
      'An attachment with fresh links: for who uploaded it, and, once sent, for who may read the message it came with.',
    access: 'member',
    params: z.strictObject({ attachment: Id }),
    response: Attachment,
    errors: ['not_found'],
  },
});
