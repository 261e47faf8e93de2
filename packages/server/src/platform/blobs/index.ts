export type { Blobs, ByteRange } from './blobs.ts';
export { folderBlobs } from './folder.ts';
