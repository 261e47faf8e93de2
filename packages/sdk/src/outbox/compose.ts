import type { Reply } from '@sotto/protocol';
import type { NewFile, NewMessage } from '../backchannel/types.ts';
import { newId } from '../id.ts';
import { normaliseText } from './text.ts';
import type { OutboxFile, OutboxItem, Recipient } from './types.ts';

/** A message as it waits to be sent; null where there is nothing in it. `quote`: of the message it answers, if known. */
export function compose(
  to: Recipient,
  written: NewMessage,
  createdAt: number,
  quote: Reply | null = null,
): OutboxItem | null {
  const text = normaliseText(written.text ?? '');
  const files = (written.files ?? []).map(fileOf);
  const card = written.card ?? null;
  if (text === '' && files.length === 0 && card === null) return null;
  const reply =
    written.reply === undefined
      ? null
      : (quote ?? { seq: written.reply, sender: '', text: '', attachment: null });
  return {
    clientId: newId(createdAt),
    to,
    text,
    reply,
    card,
    files,
    createdAt,
    attempts: 0,
    posted: false,
    revision: 0,
    status: { state: 'waiting', notBefore: 0, last: null },
  };
}

export const blobOf = (bytes: Blob | Uint8Array<ArrayBuffer>): Blob =>
  bytes instanceof Blob ? bytes : new Blob([bytes]);

const sizeOf = (bytes: Blob | Uint8Array): number => (bytes instanceof Blob ? bytes.size : bytes.byteLength);

const fileOf = (file: NewFile): OutboxFile => ({
  kind: file.kind,
  name: file.name ?? null,
  size: sizeOf(file.bytes),
  width: file.width ?? null,
  height: file.height ?? null,
  seconds: file.seconds ?? null,
  waveform: file.waveform ? [...file.waveform] : null,
  hasPoster: file.poster !== undefined,
  attachment: null,
  upload: null,
  posterUpload: null,
  poster: null,
});

/** What is uploaded is to be uploaded anew: the server does not have it any more. */
export const withoutUploads = (files: readonly OutboxFile[]): readonly OutboxFile[] =>
  files.map(file => ({ ...file, attachment: null, upload: null, posterUpload: null, poster: null }));
