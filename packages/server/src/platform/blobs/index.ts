export type { Blobs } from './blobs.ts';
export { folderBlobs } from './folder.ts';
