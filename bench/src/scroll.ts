import { launchBrowser } from '@sotto/e2e/browser';
import { acquaint, makePerson } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { startInProcess } from './in-process.ts';
import type { BenchResult } from './result.ts';
import { type Leg, type Screen, walk } from './scroll/screens.ts';
import { fillThread } from './scroll/thread.ts';

const MESSAGES = 10_000;
const FLICKS = 8;
/** Entries that are left to be loaded when the flicks towards the oldest message begin. */
const LEFT = 1500;
const names = ['Noor Haddad', 'Imani Okafor', 'Tomás Reyes', 'Li Wei', 'Ana Costa', 'Ravi Menon'];

const phone = { viewport: { width: 390, height: 844 }, touch: true };
const screens: Record<string, Screen> = {
  phone: { ...phone, slowdown: 1 },
  'phone, 4× slower': { ...phone, slowdown: 4 },
  laptop: { viewport: { width: 1440, height: 900 }, touch: false, slowdown: 1 },
};

/** A conversation of 10,000 messages in the real app and a real Chromium, scrolled from the newest to the oldest and back (BC-8). */
export async function run(): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  const { port, connection, mailbox } = await startInProcess(stack);
  const url = `http://localhost:${port}`;
  const people = [];
  for (const name of names) people.push(await makePerson({ url, mailbox, name, online: false }));
  await acquaint(...people);
  const { conversation, entries } = await fillThread(connection, people, MESSAGES);
  const token = people[0]?.token ?? '';
  const browser = await launchBrowser();
  stack.defer(() => browser.close());

  const rows: BenchResult['rows'] = [];
  const notes: string[] = [];
  for (const [name, screen] of Object.entries(screens)) {
    const page = await openThread(browser, url, { token, conversation, screen });
    const { legs, pages, jump } = await walk(browser, page, { screen, flicks: FLICKS, until: LEFT });
    for (const leg of legs) rows.push(rowOf(name, leg));
    notes.push(
      `${name}: ${pages} pages turned one by one, what was in view moved by ${jump.toFixed(2)} px at most.`,
    );
    await page.context().close();
  }
  return {
    name: `Scrolling through ${MESSAGES.toLocaleString('en')} messages`,
    rows,
    notes: [
      `${entries.toLocaleString('en')} entries with reactions and what happened besides. Phone: ${FLICKS} flicks of a finger each, by the browser’s own momentum; laptop: a wheel, 6,000 pixels a second.`,
      'ms: CPU time of the page’s main thread for each frame that it made, all its work in it. Tasks: by the clock, so what else the machine does is in them.',
      'Drawn, late, dropped: frames of the display as Chromium counts them for smoothness. Late: the compositor scrolled without what the main thread had for that frame. Unpainted: frames with a place whose paint was not there yet. Without a GPU all of it shares the CPU.',
      'Blank: frames of the main thread in which messages that were not on the page yet would have been in view.',
      'Jump: how far what was in view moved by itself at most, in pixels. Shifts: Chromium’s score of the same (Layout Instability).',
      ...notes,
    ],
  };
}

async function openThread(
  browser: Browser,
  url: string,
  options: { token: string; conversation: string; screen: Screen },
): Promise<Page> {
  const { viewport, touch } = options.screen;
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    hasTouch: touch,
    isMobile: touch,
    locale: 'en-GB',
  });
  // As signing in leaves it.
  await context.addCookies([{ name: 'sotto', value: options.token, url }]);
  const page = await context.newPage();
  await page.goto(`/backchannel/${options.conversation}`);
  await page.getByRole('log').locator('article').first().waitFor();
  // What is loaded ahead of need is there, and the worker has its files.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.waitForLoadState('networkidle');
  return page;
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits));

function rowOf(name: string, { leg, cost, jump, shifts, articles, blank }: Leg): BenchResult['rows'][number] {
  return {
    what: `${name}: ${leg}`,
    frames: cost.frames,
    'p50 ms': round(cost.p50),
    'p95 ms': round(cost.p95),
    'p99 ms': round(cost.p99),
    'worst ms': round(cost.worst),
    '> 8 ms': cost.over8,
    '> 16.7 ms': cost.over16,
    'longest task': round(cost.longestTask),
    'tasks > 16.7': cost.tasksOver16,
    'tasks > 50': cost.tasksOver50,
    ...Object.fromEntries(Object.entries(cost.parts).map(([kind, ms]) => [`${kind} ms`, round(ms, 2)])),
    drawn: cost.drawn,
    late: cost.late,
    dropped: cost.dropped,
    unpainted: cost.unpainted,
    blank,
    'jump px': round(jump, 2),
    shifts: round(shifts, 3),
    messages: articles,
  };
}
