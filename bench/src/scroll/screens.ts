import { en as words } from '@sotto/web/words';
import type { Browser, Page } from 'playwright-core';
import { flick, watch, wheel } from './page.ts';
import { traced } from './recorder.ts';
import { type Cost, costOf } from './trace.ts';

export interface Screen {
  viewport: { width: number; height: number };
  touch: boolean;
  /** Times that the page's main thread is slowed down. */
  slowdown: number;
}

export interface Leg {
  leg: string;
  cost: Cost;
  /** How far what was in view moved by itself at most, pixels. */
  jump: number;
  shifts: number;
  articles: number;
  /** Frames in which a place in view had no message drawn. */
  blank: number;
}

export interface Walk {
  legs: Leg[];
  /** Pages that were turned one by one on the way, and the worst jump of those. */
  pages: number;
  jump: number;
}

/**
 * Flicks from the newest message on; then page by page to where all but some are loaded; flicks on to the oldest; and
 * flicks back. The flicks are traced, every page on the way is watched.
 */
export async function walk(
  browser: Browser,
  page: Page,
  options: { screen: Screen; flicks: number; until: number },
): Promise<Walk> {
  const { screen, flicks, until } = options;
  const cdp = await page.context().newCDPSession(page);
  await page.evaluate(watch, words.conversation.beginningGroup);
  const push = screen.touch ? flick : wheel;

  const leg = async (name: string, way: 'back' | 'on'): Promise<Leg> => {
    let jump = 0;
    let articles = 0;
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: screen.slowdown });
    const before = await page.evaluate(() => ({ ...window.scrollWatch }));
    const events = await traced(browser, async () => {
      for (let at = 0; at < flicks; at++) {
        await push(page, cdp, way);
        jump = Math.max(jump, await page.evaluate(() => window.scrollWatch.settle()));
        articles = Math.max(articles, await page.evaluate(() => window.scrollWatch.articles()));
      }
    });
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    const after = await page.evaluate(() => ({ ...window.scrollWatch }));
    return {
      leg: name,
      cost: costOf(events),
      jump,
      articles,
      shifts: after.shifts - before.shifts,
      blank: after.blank - before.blank,
    };
  };

  const legs = [await leg('back from the newest', 'back')];
  let pages = 0;
  let jump = 0;
  while ((await page.evaluate(() => window.scrollWatch.first())) > until) {
    jump = Math.max(jump, await page.evaluate(() => window.scrollWatch.turn()));
    pages += 1;
  }
  legs.push(await leg('back, all but the oldest loaded', 'back'));
  legs.push(await leg('on again', 'on'));
  await cdp.detach();
  return { legs, pages, jump };
}
