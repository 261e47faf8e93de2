import type { UploadSource } from './types.ts';

/** A file of the browser's, or bytes, as `uploadFile` takes them. */
export function uploadSource(file: Blob | Uint8Array<ArrayBuffer>): UploadSource {
  if (file instanceof Uint8Array)
    return { size: file.byteLength, slice: async (start, end) => file.subarray(start, end) };
  return {
    size: file.size,
    slice: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  };
}
