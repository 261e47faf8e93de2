import { type Network, type NetworkOptions, startNetwork } from '@sotto/testkit';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './chromium.ts';

/** A network with browsers at it, of one test file. */
export interface House extends AsyncDisposable {
  network: Network;
  /** A browser process whose microphone says a sentence; made when first asked for. */
  browser(voice?: 'voice-a.wav' | 'voice-b.wav'): Promise<Browser>;
  stop(): Promise<void>;
}

/** `WEB_DIST` in the environment: serves another build of the web app than the one in its package. */
export async function startHouse(options: NetworkOptions = {}): Promise<House> {
  const { WEB_DIST } = process.env;
  const network = await startNetwork({ ...options, env: { ...(WEB_DIST && { WEB_DIST }), ...options.env } });
  const browsers = new Map<string, Promise<Browser>>();
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
