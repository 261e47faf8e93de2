import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Attachment, AttachmentLinks } from '@sotto/protocol';
import type { AttachmentRow } from './store.ts';

const HOUR = 3600;

/** Signs the paths of files, and knows its own again (BC-22). */
export interface Links {
  /** What others get to see of attachments. */
  present(row: AttachmentRow): Attachment;
  /** Seconds since the epoch at which a signed path ends; null where it is not one of ours, or has ended. */
  verify(path: SignedPath): number | null;
}

/** `/files/<attachment>/<file>?e=<expires>&s=<signature>`, in its parts, as they came. */
export interface SignedPath {
  attachment: string;
  file: string;
  expires: string;
  signature: string;
}

export function createLinks(key: Buffer, now: () => Date): Links {
  const sign = (attachment: string, file: string, expires: number): string =>
    createHmac('sha256', key)
      .update(`${attachment}/${file}?${expires}`)
      .digest()
      .subarray(0, 18)
      .toString('base64url');

  return {
    present(row) {
      // The same for a whole hour, so that a browser finds in its cache what it has.
      const expires = (Math.floor(now().getTime() / 1000 / HOUR) + 2) * HOUR;
      const link = (...files: string[]): string | null => {
        const file = files.find(name => row.file_names.includes(name));
        return file === undefined
          ? null
          : `/files/${row.id}/${file}?e=${expires}&s=${sign(row.id, file, expires)}`;
      };
      return presented(row, expires, link);
    },
    verify({ attachment, file, expires, signature }) {
      const until = /^[1-9]\d{0,11}$/.test(expires) ? Number(expires) : 0;
      const right = Buffer.from(sign(attachment, file, until));
      const given = Buffer.from(signature);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      return until * 1000 > now().getTime() ? until : null;
    },
  };
}

function presented(
  row: AttachmentRow,
  expires: number,
  link: (...files: string[]) => string | null,
): Attachment {
  const links: AttachmentLinks = {
    expiresAt: new Date(expires * 1000).toISOString(),
    original: link('original.mp4', 'original.webm', 'original.m4a', 'original.weba', 'original.ogg'),
    large: link('large.webp'),
    medium: link('medium.webp', 'large.webp'),
    small: link('small.webp', 'medium.webp', 'large.webp'),
    poster: link('poster.webp'),
  };
  const { id, kind, type, bytes, width, height, seconds, moving, blur, waveform } = row;
  return { id, kind, type, bytes, width, height, seconds, moving, blur, waveform, links };
}
