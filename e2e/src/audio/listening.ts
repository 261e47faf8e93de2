import { eventually } from '@sotto/testkit';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { heard } from '../browser/rtc.ts';

/** Energy that a word brings, and that comfort noise or a fading buffer does not. */
const SOUND = 0.01;
const QUIET = 0.0005;
/** Longer than any pause of the recorded sentences, ms. */
const WINDOW = 2000;

/** Sound comes in at this page, from now on. */
export async function expectHeard(page: Page, limit = 15_000): Promise<void> {
  const before = await heard(page);
  await eventually(async () => expect((await heard(page)).energy - before.energy).toBeGreaterThan(SOUND), {
    limit,
  });
}

/**
 * It falls silent at this page within `limit` ms, and stays so for two seconds by the page's own clock: longer than
 * anybody of the recordings takes breath.
 */
export async function expectQuiet(page: Page, limit = 8000): Promise<void> {
  await eventually(
    async () => {
      const [from, to] = await over(page, WINDOW);
      expect(to - from, 'energy that came in over two seconds').toBeLessThan(QUIET);
    },
    { limit },
  );
}

/** `speaker` sends, two seconds' worth of packets and more; nothing of it is heard at `page`. */
export async function expectUnheard(page: Page, speaker: Page): Promise<void> {
  const before = await heard(page);
  const sent = await heard(speaker);
  await eventually(async () =>
    expect((await heard(speaker)).packetsOut - sent.packetsOut).toBeGreaterThan(100),
  );
  expect((await heard(page)).energy - before.energy).toBeLessThan(QUIET);
}

/** The energy at the beginning and at the end of a stretch of the page's time. */
async function over(page: Page, ms: number): Promise<[number, number]> {
  const from = await heard(page);
  const end = from.at + ms;
  const to = await eventually(async () => {
    const now = await heard(page);
    return now.at >= end && now;
  });
  return [from.energy, to.energy];
}

/** Lets a stretch of the page's time go by: for what a person would sit out. */
export async function pass(page: Page, ms: number): Promise<void> {
  const end = (await heard(page)).at + ms;
  await eventually(async () => (await heard(page)).at >= end, { limit: ms * 3 });
}
