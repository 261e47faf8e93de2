import type { Link, Network, NetworkPerson } from '@sotto/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { watchProblems } from './problems.ts';
import { type Heard, heard, watchAudio } from './rtc.ts';

export const phone = { width: 390, height: 844 };
export const laptop = { width: 1440, height: 900 };

export interface PageOptions {
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  /** The way to the network that the test may cut; else straight to the first node. */
  link?: Link;
  /** `block`: nothing is kept for offline, as on a first visit that has just begun. */
  serviceWorkers?: 'allow' | 'block';
}

/** Somebody at a browser. */
export interface AtBrowser {
  readonly person: NetworkPerson;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a page should never meet: thrown errors, errors in the console, broken policy. */
  readonly problems: string[];
  heard(): Promise<Heard>;
}

/** A browser that others use too, or a device of one's own. */
export type Opens = Pick<Browser, 'newContext'>;

/** A page of the app with nobody signed in. */
export async function openPage(
  browser: Opens,
  network: Network,
  options: PageOptions = {},
): Promise<{ page: Page; context: BrowserContext; problems: string[] }> {
  const touch = (options.viewport ?? laptop).width < 800;
  const context = await browser.newContext({
    baseURL: options.link?.origin ?? `http://localhost:${network.nodes[0]?.httpPort}`,
    viewport: options.viewport ?? laptop,
    colorScheme: options.colorScheme ?? 'light',
    hasTouch: touch,
    isMobile: touch,
    locale: 'en-GB',
    serviceWorkers: options.serviceWorkers ?? 'allow',
    permissions: ['clipboard-read', 'clipboard-write', 'microphone'],
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const problems = watchProblems(page);
  const { link } = options;
  await watchAudio(page, link && { from: link.audioPort, to: link.udp.port });
  return { page, context, problems };
}

/** Signs a new person in at a browser, their profile made, and opens `path`. Signing in by hand has its own test. */
export async function sitDown(
  browser: Opens,
  network: Network,
  name: string,
  options: PageOptions & { path?: string } = {},
): Promise<AtBrowser> {
  const person = await network.person(name, { online: false });
  const opened = await openPage(browser, network, options);
  await signInByCookie(opened.context, network, person.address);
  await opened.page.goto(options.path ?? '/');
  return { person, ...opened, heard: () => heard(opened.page) };
}

/** The session in a cookie, as the app's own sign-in leaves it. */
export async function signInByCookie(
  context: BrowserContext,
  network: Network,
  address: string,
): Promise<void> {
  await context.request.post('/v1/sign-in/codes', { data: { address } });
  const code = await network.mailbox.code(address);
  const reply = await context.request.post('/v1/sign-in', {
    data: { address, code, transport: 'cookie' },
  });
  if (!reply.ok()) throw new Error(`sign-in: ${reply.status()} ${await reply.text()}`);
}
