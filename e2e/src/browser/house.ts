import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Network, type NetworkOptions, startNetwork } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterEach } from 'vitest';
import { launchBrowser } from './chromium.ts';

/** A network with browsers at it, of one test file. */
export interface House extends AsyncDisposable {
  network: Network;
  /** A browser process whose microphone says a sentence; made when first asked for. */
  browser(voice?: 'voice-a.wav' | 'voice-b.wav'): Promise<Browser>;
  stop(): Promise<void>;
}

/** Where screenshots go: `SOTTO_SHOTS`, or a folder among the temporary ones. */
export const shots = process.env.SOTTO_SHOTS ?? join(tmpdir(), 'sotto-shots');

const houses = new Set<Map<string, Promise<Browser>>>();

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  mkdirSync(shots, { recursive: true });
  const name = task.name.replace(/[^\w]+/g, '-').slice(0, 60);
  for (const browsers of houses)
    for (const browser of browsers.values())
      for (const page of (await browser).contexts().flatMap(context => context.pages())) {
        const { width } = page.viewportSize() ?? { width: 0 };
        await page.screenshot({ path: join(shots, `failed-${name}-${width}.png`) }).catch(() => undefined);
        console.log(`${task.name}: ${page.url()} at ${width} px has kept`, await keptBy(page).catch(String));
      }
});

/** What the app has on the device, by name: area and key. */
const keptBy = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('sotto'));
    const keys = await done(database.transaction('records').objectStore('records').getAllKeys());
    database.close();
    return JSON.stringify([...keys, ...Object.keys(localStorage)]);
  });

/** `WEB_DIST` in the environment: serves another build of the web app than the one in its package. */
export async function startHouse(options: NetworkOptions = {}): Promise<House> {
  const { WEB_DIST } = process.env;
  const network = await startNetwork({ ...options, env: { ...(WEB_DIST && { WEB_DIST }), ...options.env } });
  const browsers = new Map<string, Promise<Browser>>();
  houses.add(browsers);
  const stop = async () => {
    await Promise.all([...browsers.values()].map(async browser => (await browser).close()));
    await network.stop();
  };
  return {
    network,
    browser(voice) {
      const key = voice ?? 'silent';
      const known = browsers.get(key) ?? launchBrowser(voice);
      browsers.set(key, known);
      return known;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
