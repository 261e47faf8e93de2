import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { LinkPreview } from '@sotto/protocol';
import { type Outbound, OutboundError } from '../../platform/outbound/index.ts';
import type { Platform } from '../../platform/platform.ts';
import { decodePage } from './charset.ts';
import { keepImage } from './image.ts';
import { readPage } from './page.ts';
import {
  DESCRIPTION_MAX,
  FAILED_FOR,
  GOOD_FOR,
  isHeldBy,
  oneLine,
  SITE_MAX,
  siteOf,
  TITLE_MAX,
} from './policy.ts';
import type { Shelf } from './shelf.ts';
import { claim, type Kept, keep, readHeldHosts, readKept } from './store.ts';

export interface Context extends Platform {
  outbound: Outbound;
  /** Names the pictures that are kept. */
  imageKey(): Promise<Buffer>;
  shelf: Shelf;
}

/** Of a page, and of its picture. */
const BYTES_MAX = 1024 * 1024;
/** The page and up to two pictures, 5 s each, then the picture's turn: whoever takes longer was killed. */
const CLAIM = 60_000;
const IMAGES_TRIED = 2;

/** What stands behind a link, from what is known of it or by asking. Null: nothing to show. */
export async function preview(context: Context, url: string): Promise<LinkPreview | null> {
  const page = URL.parse(url);
  if (!page) return null;
  page.hash = '';
  const hash = createHash('sha256').update(page.href).digest();
  const given = context.now().getTime() + CLAIM;
  for (;;) {
    const now = context.now();
    const kept = await readKept(context.db, hash, now);
    if (kept) return kept.preview && { url, ...kept.preview };
    if (await claim(context.db, hash, now, new Date(now.getTime() + CLAIM))) break;
    // Somebody else asks the page just now: what they find is good for us too.
    if (now.getTime() > given) return null;
    await wait(200);
  }
  const found = await ask(context, page.href);
  const lasts = found ? GOOD_FOR : FAILED_FOR;
  await keep(context.db, hash, found, new Date(context.now().getTime() + lasts));
  return found && { url, ...found };
}

async function ask(context: Context, url: string): Promise<Kept | null> {
  const isHeld = isHeldBy(await readHeldHosts(context.db));
  try {
    const answer = await context.outbound.get(url, {
      types: ['text/html', 'application/xhtml+xml', 'image/'],
      maxBytes: BYTES_MAX,
      onLarge: 'cut',
      isHeld,
    });
    if (answer.status !== 200) return null;
    if (answer.type.startsWith('image/')) {
      const image = await keepImage(context.shelf, await context.imageKey(), answer.bytes);
      return image && { title: '', description: '', site: siteOf(answer.url), image };
    }
    const facts = readPage(decodePage(answer.bytes, answer.charset), answer.url);
    const title = oneLine(facts.title, TITLE_MAX);
    const image = await firstImage(context, facts.images, isHeld);
    if (title === '' && !image) return null;
    return {
      title,
      description: oneLine(facts.description, DESCRIPTION_MAX),
      site: oneLine(facts.site, SITE_MAX) || siteOf(answer.url),
      image,
    };
  } catch (error) {
    if (!isTheirs(error)) throw error;
    // Which link it was is nobody's business but theirs who wrote it.
    context.log.debug({ reason: error.reason }, 'link not previewed');
    return null;
  }
}

/** Whether it is the fault of what was asked, and not ours. */
const isTheirs = (error: unknown): error is OutboundError =>
  error instanceof OutboundError && error.reason !== 'closed';

async function firstImage(
  context: Context,
  urls: readonly string[],
  isHeld: (host: string) => boolean,
): Promise<LinkPreview['image']> {
  for (const url of urls.slice(0, IMAGES_TRIED)) {
    const answer = await context.outbound
      .get(url, { types: ['image/'], maxBytes: BYTES_MAX, isHeld })
      .catch(error => {
        if (!isTheirs(error)) throw error;
        return null;
      });
    if (answer?.status !== 200) continue;
    const image = await keepImage(context.shelf, await context.imageKey(), answer.bytes);
    if (image) return image;
  }
  return null;
}
