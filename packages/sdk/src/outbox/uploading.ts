import type { Attachment } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { SottoError, type SottoErrorCode } from '../calls/error.ts';
import type { Clock, Random, Wake } from '../ports.ts';
import { uploadSource } from '../uploads/source.ts';
import { uploadFile } from '../uploads/upload.ts';
import { FileRefused } from './file-refused.ts';
import type { OutboxFiles } from './files.ts';
import type { OutboxItems } from './items.ts';
import type { OutboxFile, OutboxItem } from './types.ts';

export interface UploadingParts {
  call: Call;
  clock: Clock;
  random: Random;
  wake: Wake;
  items: OutboxItems;
  files: OutboxFiles;
}

/**
 * Uploads the files of a message that are not uploaded yet, one after the other, each from where it broke off; how far it is
 * shows in the message's state.
 * @throws FileRefused with the error of the call; the signal's reason, when it aborts
 */
export async function uploadFiles(
  parts: UploadingParts,
  { clientId, files }: OutboxItem,
  signal: AbortSignal,
): Promise<void> {
  const { items } = parts;
  const all = files.reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  const change = (index: number, changes: Partial<OutboxFile>) => {
    const now = items.find(clientId)?.files ?? files;
    return items.change(clientId, {
      files: now.map((file, at) => (at === index ? { ...file, ...changes } : file)),
    });
  };
  const show = (sent: number, last: SottoErrorCode | null) =>
    items.show(clientId, {
      status: { state: 'uploading', part: all === 0 ? 1 : Math.min(1, (done + sent) / all), last },
    });

  for (const [index, file] of files.entries()) {
    if (!file.attachment) {
      show(0, null);
      try {
        const poster = await uploadPoster(
          parts,
          clientId,
          index,
          file,
          changes => change(index, changes),
          signal,
        );
        const attachment = await upload(parts, {
          bytes: await parts.files.read(clientId, index),
          file,
          resume: file.upload,
          poster,
          onUpload: id => void change(index, { upload: id }),
          onProgress: show,
          signal,
        });
        await change(index, { attachment });
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        throw new FileRefused(index, thrown);
      }
    }
    done += file.size;
  }
}

async function uploadPoster(
  parts: UploadingParts,
  clientId: string,
  index: number,
  file: OutboxFile,
  change: (changes: Partial<OutboxFile>) => Promise<void>,
  signal: AbortSignal,
): Promise<string | null> {
  if (!file.hasPoster || file.poster !== null) return file.poster;
  const { id } = await upload(parts, {
    bytes: await parts.files.read(clientId, index, 'poster'),
    file: { kind: 'image', name: null, waveform: null },
    resume: file.posterUpload,
    poster: null,
    onUpload: upload => void change({ posterUpload: upload }),
    onProgress: () => {},
    signal,
  });
  await change({ poster: id });
  return id;
}

interface OneUpload {
  bytes: Blob | null;
  file: Pick<OutboxFile, 'kind' | 'name' | 'waveform'>;
  resume: string | null;
  poster: string | null;
  onUpload: (id: string) => void;
  onProgress: (sent: number, last: SottoErrorCode | null) => void;
  signal: AbortSignal;
}

async function upload(parts: UploadingParts, one: OneUpload): Promise<Attachment> {
  const { call, clock, random, wake } = parts;
  const { bytes, file, resume, poster, onUpload, onProgress, signal } = one;
  if (!bytes) throw new SottoError({ code: 'file_unreadable', details: {} });
  try {
    return await uploadFile({
      call,
      clock,
      random,
      wake,
      file: uploadSource(bytes),
      kind: file.kind,
      ...(file.name !== null && { name: file.name }),
      ...(file.waveform && { waveform: file.waveform }),
      ...(poster !== null && { poster }),
      ...(resume !== null && { resume }),
      onUpload,
      onProgress: ({ sent, last }) => onProgress(sent, last),
      signal,
    });
  } catch (thrown) {
    // A browser may lose a file that its person has moved or deleted.
    if (thrown instanceof DOMException && !signal.aborted)
      throw new SottoError({ code: 'file_unreadable', details: {}, cause: thrown });
    throw thrown;
  }
}
