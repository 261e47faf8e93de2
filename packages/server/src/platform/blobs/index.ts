export type { Blobs } from './blobs.ts';
export { folderBlobs } from './folder.ts';
export { openBlobs } from './open.ts';
export type { S3Location } from './s3-client.ts';
