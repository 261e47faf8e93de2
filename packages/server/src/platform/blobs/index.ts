export type { Blobs, ByteRange } from './blobs.ts';
export { folderBlobs } from './folder.ts';
export { type S3Blobs, s3Blobs } from './s3.ts';
export type { S3Location } from './s3-client.ts';
