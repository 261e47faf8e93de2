import { randomBytes } from 'node:crypto';
import type { LinkPreview } from '@sotto/protocol';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Platform } from '../../platform/platform.ts';
import { keptSecret } from '../../platform/secrets.ts';
import { type Context, preview } from './actions.ts';
import { createShelf } from './shelf.ts';
import { deleteOld } from './store.ts';

/** What stands behind links (BC-23). */
export interface Links {
  /**
   * What a page says of itself, with a picture of our own. It may take seconds; one page is asked once at a time, and what
   * it said is good for a day, a failure for an hour. Null: nothing to show. `url` is absolute.
   */
  preview(url: string): Promise<LinkPreview | null>;
  /** A picture by its name below `/previews/`; null if there is none. */
  readImage(name: string): Promise<Buffer | null>;
  /** Forgets what is no longer good, and pictures beyond what may be kept. To be called every few minutes, on any node. */
  sweep(): Promise<void>;
}

/** @param options.imageBytesMax what pictures may weigh together */
export function createLinks(
  platform: Platform,
  outbound: Outbound,
  options: { imageBytesMax: number },
): Links {
  const shelf = createShelf(platform, options.imageBytesMax);
  let imageKey: Promise<Buffer> | undefined;
  const context: Context = {
    ...platform,
    outbound,
    shelf,
    imageKey: () => {
      imageKey ??= keptSecret(platform.db, 'link-images', () => randomBytes(32)).catch(error => {
        imageKey = undefined;
        throw error;
      });
      return imageKey;
    },
  };
  return {
    preview: url => preview(context, url),
    readImage: shelf.get,
    sweep: async () => {
      await deleteOld(platform.db, platform.now());
      await shelf.trim();
    },
  };
}
