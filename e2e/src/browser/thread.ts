import { en as words } from '@sotto/web/words';
import type { Page } from 'playwright-core';

/* What people do with a conversation, by what they see. */

export interface ShownMessage {
  text: string;
  /** `sent`, `sending`, `waiting` or `failed`. */
  delivery: string;
}

export const composer = (page: Page, to: string) =>
  page.getByRole('textbox', { name: words.conversation.placeholder(to), exact: true });

/** Types as fingers do, without sending. */
export const type = (page: Page, to: string, text: string): Promise<void> =>
  composer(page, to).pressSequentially(text);

export async function write(page: Page, to: string, text: string): Promise<void> {
  await composer(page, to).fill(text);
  await page.getByRole('button', { name: words.conversation.send, exact: true }).click();
}

/** The messages on the screen, in their order. */
export const shown = (page: Page): Promise<ShownMessage[]> =>
  page
    .getByRole('log', { name: words.conversation.log })
    .locator('article')
    .evaluateAll(all =>
      all.map(each => ({
        text: each.querySelector('p')?.textContent ?? '',
        delivery: (each as HTMLElement).dataset.delivery ?? '',
      })),
    );

export const texts = async (page: Page): Promise<string[]> => (await shown(page)).map(({ text }) => text);

export const message = (page: Page, text: string) =>
  page.getByRole('log', { name: words.conversation.log }).locator('article').filter({ hasText: text });

/** Holds a finger on a message until its menu is there, as one does on a phone. */
export async function hold(page: Page, text: string): Promise<void> {
  const box = await message(page, text).locator('[data-bubble]').boundingBox();
  if (!box) throw new Error(`“${text}” is not on the screen`);
  const fingers = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + 20, y: box.y + 15 }];
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await page.getByRole('menu', { name: words.conversation.actions }).waitFor();
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
