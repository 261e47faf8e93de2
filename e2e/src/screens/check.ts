import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { shots } from '../browser/house.ts';

/** Everything axe knows of WCAG 2.2 AA, and its best practices. */
async function axe(page: Page, only?: string[]): Promise<string[]> {
  // There are no frames here; looking for them takes three times as long.
  const builder = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (only ? builder.withRules(only) : builder).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(node => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`),
  );
}

/** Nothing sticks out at the side: neither the page, nor what is in it and not meant to scroll. */
const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const found = scrollWidth > clientWidth ? [`the page: ${scrollWidth} in ${clientWidth}`] : [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const { overflowX, display } = getComputedStyle(element);
      if (display === 'inline' || element.closest('[inert], .visually-hidden, svg')) continue;
      const box = element.getBoundingClientRect();
      // Panes of a phone stand side by side, each as wide as the screen.
      if (box.width === 0 || box.left >= clientWidth || box.right <= 0) continue;
      if (overflowX === 'visible' && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        if (box.left + element.scrollWidth > clientWidth + 1)
          found.push(
            `${element.tagName} .${element.className}: ${element.scrollWidth} in ${element.clientWidth}`,
          );
    }
    return found;
  });

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** Whatever was fading or sliding has arrived. */
const settled = async (page: Page): Promise<void> => {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => {
      const endless = effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
      return playState !== 'running' || endless;
    }),
  );
};

/** A screen as it should always be, by day and in the evening. With `SOTTO_SHOTS`, pictures are kept for looking at. */
export async function checkScreen(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 };
  await page.evaluate(() => document.fonts.ready);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    if (process.env.SOTTO_SHOTS) await picture(page, `${name}-${width}-${scheme}`);
    // What the hour changes is the colours.
    const found = await axe(page, scheme === 'dark' ? ['color-contrast'] : undefined);
    expect.soft(found, `axe: ${name}, ${width} px, ${scheme}`).toEqual([]);
  }
  expect.soft(await overflow(page), `sticks out: ${name}, ${width} px`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}
