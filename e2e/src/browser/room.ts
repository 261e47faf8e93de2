import { en as words } from '@sotto/web/words';
import type { Locator, Page } from 'playwright-core';

/* What people do with a room, by what they see. */

export const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

/** Opens a room by the sheet, and is in it. */
export async function openRoom(
  page: Page,
  title: string,
  visibility: 'open' | 'private' = 'open',
): Promise<void> {
  await button(page, new RegExp(`^(${words.hallway.open}|${words.hallway.openShort})$`))
    .first()
    .click();
  await page.getByLabel(words.openRoom.label).fill(title);
  if (visibility === 'private') await page.getByRole('radio', { name: words.openRoom.private }).check();
  await button(page, words.openRoom.action).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

/** Walks in from the hallway. */
export async function joinRoom(page: Page, title: string): Promise<void> {
  await page
    .getByRole('list', { name: words.hallway.rooms })
    .getByRole('button', { name: title, exact: true })
    .click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

export const unmute = (page: Page): Promise<void> => button(page, words.room.unmute).click();
export const mute = (page: Page): Promise<void> => button(page, words.room.mute).click();
export const leave = (page: Page): Promise<void> => button(page, words.room.leave).click();

/** The face of someone in the room, whatever is said about them beside their name. */
export const faceOf = (page: Page, name: string): Locator =>
  page.getByRole('button', { name: new RegExp(`^${name}(,|$)`) }).first();

/** Taps a face, and then what is to be done with them. */
export async function actOn(page: Page, name: string, action: string): Promise<void> {
  await faceOf(page, name).click();
  await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
}
