import { Gauge } from 'prom-client';
import type { Platform } from '../../platform/platform.ts';
import { deleteImagesBeyond, forgetPagesOf, noteImage, noteShown, readWeight } from './store.ts';

/** Pictures of link previews (BC-23): so many bytes of them, what was not shown for the longest goes first. */
export interface Shelf {
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Null if there is none. */
  get(name: string): Promise<Buffer | null>;
  /** Takes away what is too much. */
  trim(): Promise<void>;
}

const keyOf = (name: string): string => `previews/${name}`;

/** How exactly it is known when a picture was shown, in ms: browsers keep what they have seen, so it is not asked for often. */
const SHOWN_WITHIN = 24 * 60 * 60_000;
/** At a time: their files are deleted before the rows are gone for good. */
const BATCH = 20;

export function createShelf(platform: Platform, bytesMax: number): Shelf {
  const { db, blobs, log, now, transact } = platform;
  gauge(platform);
  /** What is kept, as far as this node knows: what it has put since it last looked is added. */
  let weight = Number.POSITIVE_INFINITY;

  const trimSome = (): Promise<boolean> =>
    transact(async ({ tx }) => {
      const names = await deleteImagesBeyond(tx, bytesMax, BATCH);
      if (names === null || names.length === 0) return false;
      await forgetPagesOf(tx, names);
      // Inside: whoever puts one of them again in this moment waits, and puts it after it is deleted. And all of them: what
      // could not be deleted stays counted.
      const deleted = await Promise.allSettled(names.map(name => blobs.delete(keyOf(name))));
      for (const each of deleted) if (each.status === 'rejected') throw each.reason;
      return names.length === BATCH;
    });
  const trim = async (): Promise<void> => {
    while (await trimSome());
    weight = (await readWeight(db)).bytes;
  };

  return {
    async put(name, bytes) {
      // Counted first: what is deleted in this moment is deleted before it is put again.
      await noteImage(db, { name, bytes: bytes.byteLength, now: now() });
      await blobs.put(keyOf(name), bytes);
      weight += bytes.byteLength;
      // It is kept, whatever becomes of others; the next one tries again.
      if (weight > bytesMax)
        await trim().catch(error =>
          log.warn({ err: error }, 'link pictures beyond the bound were not deleted'),
        );
    },
    async get(name) {
      if (!/^[0-9a-f]{40}\.webp$/.test(name)) return null;
      const found = await blobs.get(keyOf(name));
      const at = now();
      const since = new Date(at.getTime() - SHOWN_WITHIN);
      // Not waited for: that it was shown need not be known for it to be shown.
      if (found)
        noteShown(db, { name, bytes: found.byteLength, now: at, since }).catch(error =>
          log.warn({ err: error }, 'a shown picture was not noted'),
        );
      return found;
    },
    trim,
  };
}

function gauge({ db, log, metrics }: Platform): void {
  const figures = {
    images: 'Pictures of link previews that are kept, by all nodes together.',
    bytes: 'Bytes of these pictures.',
  } as const;
  let asked: ReturnType<typeof readWeight> | undefined;
  for (const what of ['images', 'bytes'] as const)
    new Gauge({
      name: what === 'images' ? 'sotto_link_images' : 'sotto_link_image_bytes',
      help: figures[what],
      registers: [metrics],
      async collect() {
        // Both are asked for at once. Without the database the other figures are still to be had.
        asked ??= readWeight(db).finally(() => (asked = undefined));
        await asked
          .then(weight => this.set(weight[what]))
          .catch(error => log.debug({ err: error }, 'no figures of link pictures'));
      },
    });
}
