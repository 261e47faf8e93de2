import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';

/** A flick of a finger: so far in so many steps, ms apart. The rest of the way is the browser's own momentum. */
const FLICK = { pixels: 440, steps: 8, every: 12 };
/** A turn of a wheel, pixels, and pixels a second. */
const WHEEL = { pixels: 3000, speed: 6000 };

declare global {
  interface Window {
    /** What the benchmark watches in the page. */
    scrollWatch: {
      /** Chromium's own score of what moved without being scrolled (Layout Instability), summed up. */
      shifts: number;
      /** Frames in which what stands for messages that are not drawn was in view, counted up. */
      blank: number;
      /** Waits until the box has come to rest; then how far what is in view moves by itself, pixels, while pages come in. */
      settle(): Promise<number>;
      /** Goes close to the top of what is loaded; how far what is in view moves by itself until the page before is there. */
      turn(): Promise<number>;
      /** Messages on the page now. */
      articles(): number;
      /** The `seq` of the first message on the page. */
      first(): number;
    };
  }
}

/** In the page: what is looked at between two flicks. `beginning` stands above the first message. */
export function watch(beginning: string): void {
  const box = document.querySelector('[role=log]')?.parentElement?.parentElement as HTMLElement;
  /** Milliseconds without movement that are rest. */
  const STILL = 200;
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const topOf = (element: Element) => element.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const all = () => [...box.querySelectorAll('article')];
  const below = () => box.scrollHeight - box.scrollTop;
  const atBeginning = () => (box.textContent ?? '').includes(beginning);
  /** Until nothing has come for so many frames. */
  const moved = async (isWaited: () => boolean): Promise<number> => {
    const watched = all().find(each => topOf(each) > 40);
    if (!watched) return 0;
    const before = topOf(watched);
    let worst = 0;
    let height = box.scrollHeight;
    for (let still = 0; still < 4; still++) {
      await frame();
      if (watched.isConnected) worst = Math.max(worst, Math.abs(topOf(watched) - before));
      if (box.scrollHeight !== height || isWaited()) still = 0;
      height = box.scrollHeight;
    }
    return worst;
  };
  const state = {
    shifts: 0,
    blank: 0,
    articles: () => all().length,
    first: () => Number(all()[0]?.dataset.seq ?? 0),
    async settle() {
      let last = Number.NaN;
      // A busy machine may show no movement for a frame or two in the middle of a swing.
      for (let since = performance.now(); performance.now() - since < STILL; ) {
        await frame();
        if (Math.abs(below() - last) > 0.01) since = performance.now();
        last = below();
      }
      return moved(() => false);
    },
    async turn() {
      box.scrollTop = 400;
      await frame();
      const height = box.scrollHeight;
      return moved(() => box.scrollHeight === height && !atBeginning());
    },
  };
  window.scrollWatch = state;
  const looked = () => {
    const { top, bottom } = box.getBoundingClientRect();
    const log = box.querySelector('[role=log]');
    const inView = [log?.firstElementChild, log?.lastElementChild].some(stands => {
      const at = stands?.getBoundingClientRect();
      return at && at.height > 0 && at.bottom > top && at.top < bottom;
    });
    if (inView) state.blank += 1;
    requestAnimationFrame(looked);
  };
  requestAnimationFrame(looked);
  new PerformanceObserver(list => {
    // What stands for messages that are not drawn grows and shrinks: that is no message that moved.
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      sources: { node: Node | null }[];
    })[])
      if (entry.sources.some(({ node }) => node?.parentElement?.closest('[data-chunk]')))
        state.shifts += entry.value;
  }).observe({ type: 'layout-shift' });
}

/** A flick of a finger on the middle of the thread. @param way `back` shows what was written before */
export async function flick(page: Page, cdp: CDPSession, way: 'back' | 'on'): Promise<void> {
  const { x, y } = await middleOf(page);
  const { pixels, steps, every } = FLICK;
  const from = way === 'back' ? y - pixels / 2 : y + pixels / 2;
  const at = (step: number) => [{ x, y: from + ((way === 'back' ? pixels : -pixels) * step) / steps }];
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
  const sent: Promise<unknown>[] = [];
  for (let step = 1; step <= steps; step++) {
    sent.push(cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(step) }));
    await wait(every);
  }
  await Promise.all(sent);
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** A wheel that turns for half a second. */
export async function wheel(page: Page, cdp: CDPSession, way: 'back' | 'on'): Promise<void> {
  await cdp.send('Input.synthesizeScrollGesture', {
    ...(await middleOf(page)),
    yDistance: way === 'back' ? WHEEL.pixels : -WHEEL.pixels,
    speed: WHEEL.speed,
    gestureSourceType: 'mouse',
  });
}

/** Of the box that scrolls, in pixels of the screen. */
const middleOf = (page: Page): Promise<{ x: number; y: number }> =>
  page.evaluate(() => {
    const box = document.querySelector('[role=log]')?.parentElement?.parentElement as HTMLElement;
    const { left, top, width, height } = box.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
