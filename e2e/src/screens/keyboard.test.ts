import { en as words } from '@sotto/web/words';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { laptop, openPage } from '../browser/person.ts';
import { button } from '../browser/room.ts';
import { heard } from '../browser/rtc.ts';
import { soon } from '../soon.ts';

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house?.stop());

/** The accessible name of what has the focus, as far as a label or its text gives it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const label =
      element?.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.textContent;
    return element?.getAttribute('aria-label') ?? (label || element?.textContent || '');
  });

/** Tabs until what is called so has the focus, and it shows. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let steps = 0; steps < 40; steps += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (now === name) {
      expect(await page.evaluate(() => document.activeElement?.matches(':focus-visible'))).toBe(true);
      return;
    }
    passed.push(now);
  }
  throw new Error(`Tab did not come to “${name}”; it passed ${passed.join(' | ')}`);
}

it('by keyboard alone: in by a code, a room opened, the voice on and off with space, and out', async () => {
  const { page, problems } = await openPage(await house.browser('voice-a.wav'), house.network, {
    viewport: laptop,
  });
  const address = 'imani@people.test';
  await page.goto('/');
  await button(page, words.welcome.action).waitFor();
  await tabTo(page, words.welcome.action);
  await page.keyboard.press('Enter');
  await soon(() => focused(page), words.signIn.label);
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
  const code = await house.network.mailbox.code(address);
  await soon(() => focused(page), words.signIn.codeLabel);
  await page.keyboard.type(code);
  await page.getByRole('heading', { name: words.setup.title }).waitFor();
  await tabTo(page, words.setup.name);
  await page.keyboard.type('Imani Okafor');
  await page.getByText(words.setup.handleFree).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: words.hallway.title }).waitFor();

  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: words.openRoom.title }).waitFor();
  if ((await focused(page)) !== words.openRoom.label) await tabTo(page, words.openRoom.label);
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'By hand', level: 1 }).waitFor();
  // Where one has arrived has the focus, so that space is nobody's button.
  await soon(() => focused(page), 'By hand');

  await page.keyboard.press('Space');
  await button(page, words.room.mute).waitFor();
  const sent = (await heard(page)).packetsOut;
  await soon(async () => (await heard(page)).packetsOut > sent + 20, true);
  await page.keyboard.press('Space');
  await button(page, words.room.unmute).waitFor();

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: words.keys.title }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: words.keys.title }).waitFor({ state: 'detached' });
  await tabTo(page, words.room.leave);
  await page.keyboard.press('Enter');
  await page.getByText(words.room.out.left).first().waitFor();
  expect(problems).toEqual([]);
});
