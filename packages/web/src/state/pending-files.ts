import type { Attachment } from '@sotto/protocol';
import type { PendingFile, PendingMessage } from '@sotto/sdk';

/** Where this device has a file, and of a video the still that was made of it before it went. */
export interface FileUrls {
  file: string | null;
  poster: string | null;
}

/** A file on its way, in the shape of an attachment, so that a bubble looks the same before and after. */
export function shownFile(file: PendingFile, id: string, urls: FileUrls): Attachment {
  if (file.attachment) return file.attachment;
  const still = file.kind === 'image' ? urls.file : null;
  return {
    id,
    kind: file.kind,
    type: '',
    bytes: file.size,
    width: file.width,
    height: file.height,
    seconds: file.seconds,
    moving: file.kind === 'video',
    blur: null,
    waveform: file.waveform ? [...file.waveform] : null,
    links: {
      expiresAt: '9999-12-31T00:00:00.000Z',
      original: file.kind === 'image' ? null : urls.file,
      large: still,
      medium: still,
      small: still,
      poster: urls.poster,
    },
  };
}

/** Ids of the files of a message on its way, for as long as it is. */
export const fileId = (message: PendingMessage, index: number): string => `${message.clientId}-${index}`;
