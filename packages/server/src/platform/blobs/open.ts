import { StartError, systemCode } from '../start-error.ts';
import type { Blobs } from './blobs.ts';
import { folderBlobs } from './folder.ts';
import { s3Blobs } from './s3.ts';
import type { S3Location } from './s3-client.ts';

/**
 * The blobs that the configuration asks for: a bucket, or else the folder.
 * @throws StartError where the bucket cannot be used
 */
export async function openBlobs(
  location: S3Location | undefined,
  folder: string,
): Promise<{ blobs: Blobs; close(): Promise<void> }> {
  if (!location) return { blobs: folderBlobs(folder), close: async () => {} };
  const blobs = s3Blobs(location);
  try {
    await blobs.check();
  } catch (error) {
    await blobs.close();
    const why = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
    throw new StartError(`The bucket at S3_URL cannot be used (${why}): make it, or correct the setting.`, {
      cause: error,
    });
  }
  return { blobs, close: () => blobs.close() };
}
