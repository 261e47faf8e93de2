import type { Attachment, AttachmentLinks } from '@sotto/protocol';
import { createStore } from '@sotto/sdk';
import { conversations } from './sotto.ts';

/** Milliseconds before their end at which links are not used for something new any more. */
const MARGIN = 30_000;

const fresh = createStore<ReadonlyMap<string, AttachmentLinks>>(new Map());

export const freshLinks = { getSnapshot: fresh.getSnapshot, subscribe: fresh.subscribe };

/** The links of an attachment that are good now; null while fresh ones are on their way (BC-22). */
export function linksOf(
  attachment: Attachment,
  known: ReadonlyMap<string, AttachmentLinks>,
  now = Date.now(),
): AttachmentLinks | null {
  const links = known.get(attachment.id) ?? attachment.links;
  return Date.parse(links.expiresAt) - MARGIN < now ? null : links;
}

/** Asks for fresh links. What cannot be had now is asked for again when next needed. */
export async function renewLinks(attachment: Attachment): Promise<void> {
  try {
    const { id, links } = await conversations().freshLinks(attachment);
    fresh.update(now => new Map(now).set(id, links));
  } catch {
    // Gone, or no network: the blurred preview stays.
  }
}
