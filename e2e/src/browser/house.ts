import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Network, type NetworkOptions, startNetwork } from '@sotto/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterEach } from 'vitest';
import { launchBrowser, launchDevice } from './chromium.ts';
import type { Opens } from './person.ts';

/** A network with browsers at it, of one test file. */
export interface House extends AsyncDisposable {
  network: Network;
  /** A browser process whose microphone says a sentence; made when first asked for. */
  browser(voice?: 'voice-a.wav' | 'voice-b.wav'): Promise<Browser>;
  /** A device of one person: what the app keeps is on its disk, and there when it is opened again after it was closed. */
  device(): Opens;
  stop(): Promise<void>;
}

/** Where screenshots go: `SOTTO_SHOTS`, or a folder among the temporary ones. */
export const shots = process.env.SOTTO_SHOTS ?? join(tmpdir(), 'sotto-shots');

/** What has pages, of each house. */
const houses = new Set<() => Promise<BrowserContext[]>>();

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  mkdirSync(shots, { recursive: true });
  const name = task.name.replace(/[^\w]+/g, '-').slice(0, 60);
  for (const contexts of houses)
    for (const page of (await contexts()).flatMap(context => context.pages())) {
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
  const devices: Promise<BrowserContext>[] = [];
  const profiles: string[] = [];
  houses.add(async () => [
    ...(await Promise.all(browsers.values())).flatMap(browser => browser.contexts()),
    ...(await Promise.all(devices)),
  ]);
  const stop = async () => {
    await Promise.all([...browsers.values(), ...devices].map(async each => (await each).close()));
    for (const profile of profiles) rmSync(profile, { recursive: true, force: true });
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
    device() {
      const profile = mkdtempSync(join(tmpdir(), 'sotto-device-'));
      profiles.push(profile);
      return {
        newContext(options) {
          const device = launchDevice(profile, options);
          devices.push(device);
          return device;
        },
      };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
