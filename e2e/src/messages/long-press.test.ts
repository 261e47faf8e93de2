import { acquaint } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, phone, sitDown } from '../browser/person.ts';
import { hold, message } from '../browser/thread.ts';

/** Noor with a phone; Imani writes from elsewhere. */
let house: House;
let noor: AtBrowser;
let conversation: string;
let tell: (text: string) => Promise<{ seq: number }>;

const say = words.conversation;

beforeAll(async () => {
  house = await startHouse();
  noor = await sitDown(await house.browser(), house.network, 'Noor Haddad', { viewport: phone });
  const imani = await house.network.person('Imani Okafor');
  await acquaint(imani, noor.person);
  const opened = await imani.call('PUT /v1/conversations/direct/:account', {
    params: { account: noor.person.id },
  });
  conversation = opened.id;
  let told = 0;
  tell = text => {
    told += 1;
    const clientId = `01900000-0000-7000-8000-${String(told).padStart(12, '0')}`;
    return imani.call('POST /v1/conversations/:conversation/messages', {
      params: { conversation },
      body: { clientId, text },
    });
  };
  await tell('Are you there?');
  await noor.page.goto(`/backchannel/${conversation}`);
  await message(noor.page, 'Are you there?').waitFor();
});
afterAll(() => house?.stop());

it('BC-8 the menu of a long press stays when the finger is lifted, and goes when it taps elsewhere', async () => {
  const { page } = noor;
  await tell('Shall I read the next one?');
  await hold(page, 'Shall I read the next one?');
  const menu = page.getByRole('menu', { name: say.actions });
  await menu.getByRole('menuitemcheckbox', { name: say.reactWith('👍') }).tap();
  await page.getByRole('button', { name: say.reacted('👍', 1, true) }).waitFor();
  await hold(page, 'Shall I read the next one?');
  await page.touchscreen.tap(200, 120);
  await menu.waitFor({ state: 'hidden' });
  expect(noor.problems).toEqual([]);
});
