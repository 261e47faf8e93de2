import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core';

const names = ['chromium', 'google-chrome', 'chromium-browser', 'google-chrome-stable'];

/**
 * The machine's own Chromium: `CHROMIUM`, or the first found on the PATH.
 * @throws Error in one sentence where there is none
 */
export function chromiumPath(env = process.env): string {
  if (env.CHROMIUM) return env.CHROMIUM;
  for (const folder of (env.PATH ?? '').split(delimiter))
    for (const name of names) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  throw new Error('No Chromium was found: install one (Debian: chromium), or name it in CHROMIUM.');
}

const voice = (file: string): string => fileURLToPath(new URL(`../../fixtures/${file}`, import.meta.url));

const launch = (microphone?: 'voice-a.wav' | 'voice-b.wav'): LaunchOptions => ({
  executablePath: chromiumPath(),
  handleSIGTERM: false,
  handleSIGINT: false,
  handleSIGHUP: false,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    ...(microphone ? [`--use-file-for-fake-audio-capture=${voice(microphone)}`] : []),
  ],
});

/**
 * A browser process. Its microphone, where it is given one, says a recorded sentence over and over; a process has one
 * microphone, so each voice is a process.
 */
export const launchBrowser = (microphone?: 'voice-a.wav' | 'voice-b.wav'): Promise<Browser> =>
  chromium.launch(launch(microphone));

/** A device of one's own: a browser process that keeps on the disk, in `profile`, what its pages keep. */
export const launchDevice = (profile: string, as: BrowserContextOptions = {}): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, { ...launch(), ...as });
