import type { OpenFile } from '../../edge/pages/files.ts';
import type { Context } from './context.ts';
import type { SignedPath } from './links.ts';
import { attachmentFolder, typeOfFile } from './policy.ts';

/** The file behind a signed path; null where there is none, or none any more. No database is asked. */
export function openFile({ blobs, links }: Context, path: SignedPath): OpenFile | null {
  const expires = links.verify(path);
  const type = typeOfFile[path.file];
  if (expires === null || type === undefined) return null;
  return {
    type,
    expires: new Date(expires * 1000),
    read: range => blobs.read(`${attachmentFolder(path.attachment)}${path.file}`, range),
  };
}
