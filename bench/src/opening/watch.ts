import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A line as a phone has it: ms there and back, bits a second. */
export interface Line {
  latency: number;
  download: number;
  upload: number;
}

/** 4× slower and 150 ms, 1.6 Mbit/s. */
export const slowPhone = {
  slowdown: 4,
  line: { latency: 150, download: 1.6e6, upload: 0.75e6 } satisfies Line,
};

export interface Opened {
  /** ms from going there until it stands, by the clock. */
  stands: number;
  /** ms until the first thing is drawn. */
  first: number;
  /** ms that tasks of the page's main thread took until then; slowed down where it is. */
  busy: number;
  /** Requests sent until then. */
  requests: number;
  /** The longest chain of requests each of which was sent after the one before it had ended. */
  rounds: number;
  /** Bytes that came until then, as they were sent. */
  bytes: number;
  log: Asked[];
}

export interface Asked {
  url: string;
  sent: number;
  ended: number;
  bytes: number;
}

declare global {
  interface Window {
    /** When what was waited for stood, ms since going there. */
    stoodAt?: number;
  }
}

/** Opens a path in a new page and looks until `selector` stands. */
export async function openAndWatch(
  context: BrowserContext,
  options: { path: string; selector: string; slowdown: number; line: Line | null },
): Promise<Opened> {
  const { path, selector, slowdown, line } = options;
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Performance.enable');
  const log = watchRequests(cdp);
  await page.addInitScript(look, selector);
  if (line)
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: line.latency,
      downloadThroughput: line.download / 8,
      uploadThroughput: line.upload / 8,
    });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(path, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.stoodAt !== undefined, undefined, { timeout: 60_000 });
  const { metrics } = await cdp.send('Performance.getMetrics');
  const busy = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  const { stands, first } = await page.evaluate(() => ({
    stands: window.stoodAt ?? 0,
    first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
  const from = log[0]?.sent ?? 0;
  const asked = log
    .filter(each => each.sent - from <= stands)
    .map(each => ({ ...each, sent: each.sent - from, ended: each.ended - from }));
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await page.close();
  return {
    stands,
    first,
    busy,
    requests: asked.length,
    rounds: Math.max(...roundsOf(asked)),
    bytes: asked.filter(({ ended }) => ended <= stands).reduce((sum, { bytes }) => sum + bytes, 0),
    log: asked,
  };
}

/** In the page, before anything else. */
function look(selector: string): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector(selector)) return;
    observer.disconnect();
    // It is drawn in the frame that comes.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        window.stoodAt = performance.now();
      };
      port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true });
}

function watchRequests(cdp: Awaited<ReturnType<BrowserContext['newCDPSession']>>): Asked[] {
  const log: Asked[] = [];
  const open = new Map<string, Asked>();
  cdp.on('Network.requestWillBeSent', ({ requestId, request, timestamp }) => {
    const asked = {
      url: new URL(request.url).pathname,
      sent: timestamp * 1000,
      ended: Number.POSITIVE_INFINITY,
      bytes: 0,
    };
    open.set(requestId, asked);
    log.push(asked);
  });
  cdp.on('Network.loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    const asked = open.get(requestId);
    if (asked) Object.assign(asked, { ended: timestamp * 1000, bytes: encodedDataLength });
  });
  return log;
}

/** For each request, how many one after the other led to it, itself too. */
function roundsOf(asked: readonly Asked[]): number[] {
  const rounds: number[] = [];
  asked.forEach((each, at) => {
    const before = asked
      .slice(0, at)
      .map((other, index) => (other.ended <= each.sent ? (rounds[index] ?? 0) : 0));
    rounds.push(1 + Math.max(0, ...before));
  });
  return rounds;
}

/** A phone that is signed in and has nothing of the app yet. */
export async function newPhone(browser: Browser, url: string, token: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: 'en-GB',
  });
  if (token) await context.addCookies([{ name: 'sotto', value: token, url }]);
  return context;
}

/** Opens the app once, until it is kept for offline. */
export async function install(context: BrowserContext, path: string, selector: string): Promise<void> {
  const page: Page = await context.newPage();
  await page.goto(path);
  await page.locator(selector).first().waitFor();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.waitForLoadState('networkidle');
  // What was shown is written to the device a little later.
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 1500)));
  await page.close();
}
