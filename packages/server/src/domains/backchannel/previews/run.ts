import type { LinkPreview } from '@sotto/protocol';
import { findLinks } from '@sotto/protocol/links';
import type { Platform } from '../../../platform/platform.ts';
import { type Repeated, repeat } from '../../../platform/repeat.ts';
import { appendEvent } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';
import type { LinksPort } from '../ports.ts';
import { dropJob, type Job, readMessage, setPreviews, takeJobs } from './store.ts';

/** Links of one message that are looked at. */
const LINKS_MAX = 3;
/** Messages whose links are looked at at once. */
const AT_ONCE = 8;
/** Of these, by one sender. */
const OF_ONE = 2;
/** Milliseconds after which a job that was taken and not done is taken again. */
const AGAIN = 2 * 60_000;
const TRIES = 3;
const PAUSE = 500;

/**
 * Looks at the links of messages, later than they were sent and apart from it (BC-23). What is to be looked at was written
 * with the message, so that nothing is forgotten when a node goes down.
 */
export function startPreviews(platform: Platform, deps: InboxDeps, links: LinksPort): Repeated {
  const { db, log } = platform;
  const round = async (): Promise<boolean> => {
    const now = platform.now();
    const jobs = await takeJobs(db, now, {
      again: new Date(now.getTime() + AGAIN),
      tries: TRIES,
      limit: AT_ONCE,
      each: OF_ONE,
    });
    // Each for itself: one that fails comes up again, the others are done.
    const done = await Promise.allSettled(jobs.map(job => lookAt(platform, deps, links, job)));
    for (const each of done)
      if (each.status === 'rejected') log.warn({ err: each.reason }, 'links were not looked at');
    return jobs.length > 0;
  };
  return repeat(round, {
    pause: PAUSE,
    onError: error => log.warn({ err: error }, 'no links are looked at'),
  });
}

async function lookAt(platform: Platform, deps: InboxDeps, links: LinksPort, job: Job): Promise<void> {
  const message = await readMessage(platform.db, job);
  const urls = message
    ? [...new Set(findLinks(message.text).map(link => link.href))].slice(0, LINKS_MAX)
    : [];
  const found = await Promise.all(urls.map(url => links.preview(url)));
  const previews = found.filter((each): each is LinkPreview => each !== null);
  if (!message || previews.length === 0) {
    await dropJob(platform.db, job);
    return;
  }
  await platform.transact(async work => {
    if (await setPreviews(work.tx, job, previews))
      await appendEvent(work, { ...deps, db: work.tx }, message, {
        kind: 'preview',
        // It shows what they wrote: kept from whom the message is kept.
        by: message.sender,
        of: job.seq,
        extra: { previews },
      });
    await dropJob(work.tx, job);
  });
}
