import { en as words } from '@sotto/web/words';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { laptop, openPage, phone } from '../browser/person.ts';
import { button } from '../browser/room.ts';
import { checkScreen } from './check.ts';

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house?.stop());

const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');

async function signUp(page: Page, address: string, name: string): Promise<void> {
  await page.goto('/');
  await button(page, words.welcome.action).waitFor();
  await checkScreen(page, 'welcome');
  await button(page, words.welcome.action).click();
  await page.getByLabel(words.signIn.label).fill('nobody at all');
  await button(page, words.signIn.action).click();
  await page.getByText(words.signIn.notAnAddress).waitFor();
  await checkScreen(page, 'sign-in');
  await page.getByLabel(words.signIn.label).fill(address);
  await button(page, words.signIn.action).click();
  const code = await house.network.mailbox.code(address);
  const field = page.getByLabel(words.signIn.codeLabel);
  await field.fill(wrong(code));
  await page.getByText(/That’s not the code/).waitFor();
  await checkScreen(page, 'code');
  await field.fill(code);
  await page.getByRole('heading', { name: words.setup.title }).waitFor();
  await page.getByLabel(words.setup.name, { exact: true }).fill(name);
  await page.getByText(words.setup.handleFree).waitFor();
  await checkScreen(page, 'set-up');
  await button(page, words.setup.action).click();
  await page.getByRole('heading', { name: words.hallway.title }).waitFor();
}

describe.each([
  ['a phone', phone, 'noor@people.test', 'Noor Haddad'],
  ['a laptop', laptop, 'jonas@people.test', 'Jonas Åström'],
] as const)('on %s', (_, viewport, address, name) => {
  it('PE-1 PE-4 from the door to the hallway, by a code; out, and in again', async () => {
    const { page, context, problems } = await openPage(await house.browser(), house.network, { viewport });
    await signUp(page, address, name);
    await page.getByText(words.hallway.emptyTitle).waitFor();
    await checkScreen(page, 'hallway-empty');

    await page.goto('/settings');
    await button(page, words.settings.signOut).click();
    await page.getByRole('dialog').getByRole('button', { name: words.settings.signOut }).click();
    await button(page, words.welcome.action).click();
    await page.getByLabel(words.signIn.label).fill(address.toUpperCase());
    await button(page, words.signIn.action).click();
    await page.getByLabel(words.signIn.codeLabel).fill(await house.network.mailbox.code(address));
    await page.getByRole('heading', { name: words.hallway.title }).waitFor();

    // The browser's own word on the wrong code.
    expect(problems.filter(problem => !/status of 400 .*\/v1\/sign-in$/.test(problem))).toEqual([]);
    await context.close();
  });
});

it('the first one in is told that they run this place', async () => {
  await using fresh = await startHouse();
  const { page } = await openPage(await fresh.browser(), fresh.network, { viewport: phone });
  await page.goto('/');
  await page.getByText(words.welcome.first).waitFor();
});
