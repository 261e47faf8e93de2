import { acquaint, type NetworkPerson } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, phone, sitDown } from '../browser/person.ts';
import { message, texts, write } from '../browser/thread.ts';
import { checkScreen } from '../screens/check.ts';
import { soon } from '../soon.ts';

/** Imani with a phone, Noor at a laptop; Theo, whom Imani does not know, and Priya, a friend, without a screen. */
let house: House;
let imani: AtBrowser;
let noor: AtBrowser;
let theo: NetworkPerson;
let priya: NetworkPerson;

beforeAll(async () => {
  house = await startHouse();
  const browser = await house.browser();
  [imani, noor, theo, priya] = await Promise.all([
    sitDown(browser, house.network, 'Imani Okafor', { viewport: phone, path: '/backchannel' }),
    sitDown(browser, house.network, 'Noor Haddad', { viewport: laptop, path: '/backchannel' }),
    house.network.person('Theo Brandt', { online: false }),
    house.network.person('Priya Nair', { online: false }),
  ]);
  await acquaint(imani.person, noor.person);
  await acquaint(imani.person, priya);
});
afterAll(() => house?.stop());

it('BC-2 BC-10 a group is made of people one picks; a stranger is only invited', async () => {
  const { page } = imani;
  await page.getByRole('link', { name: words.inbox.compose }).first().click();
  await page.getByRole('button', { name: new RegExp(words.compose.newGroup) }).click();
  // Whom she follows, newest first, before whom she might meet.
  await soon(
    async () => (await page.locator('label').allTextContents()).map(text => text.replace(/.*@/s, '')),
    ['priya.nair', 'noor.haddad', 'theo.brandt'],
  );
  for (const name of ['Noor Haddad', 'Theo Brandt']) {
    await page.getByRole('searchbox', { name: words.people.label }).fill(name);
    await page.locator('label', { hasText: name }).click();
  }
  await checkScreen(page, 'group-pick');
  await page.getByRole('button', { name: words.compose.next(2) }).click();
  await page.getByLabel(words.compose.name).fill('Saturday hikers');
  await page.getByRole('button', { name: words.compose.make }).click();
  await write(page, 'Saturday hikers', 'Who is in for the lighthouse path?');

  const row = noor.page.getByRole('link', { name: /Saturday hikers/ });
  await row.waitFor();
  await soon(() => row.getByText(words.inbox.unread(1)).count(), 1);
  await row.click();
  await soon(() => texts(noor.page), ['Who is in for the lighthouse path?']);
  await page.getByTitle(words.conversation.info('Saturday hikers')).click();
  await page
    .getByRole('heading', { name: words.group.people(2) })
    .first()
    .waitFor();
  await page.getByRole('heading', { name: words.group.invited }).waitFor();
  await page.getByRole('link', { name: /Theo Brandt/ }).waitFor();
  await checkScreen(page, 'group-about');
});

it('BC-31 who is in the group is offered to be named, by the keys, and finds the place marked', async () => {
  const field = noor.page.getByRole('textbox', { name: words.conversation.placeholder('Saturday hikers') });
  await field.pressSequentially('I am, with @');
  // Theo is only invited, and nobody names oneself.
  const options = noor.page.getByRole('listbox', { name: words.conversation.mention }).getByRole('option');
  await soon(() => options.allTextContents(), ['Imani Okafor@imani.okafor']);
  await field.press('Escape');
  await soon(() => options.count(), 0);
  await field.pressSequentially('im');
  await options.first().waitFor();
  await field.press('Enter');
  await soon(() => field.inputValue(), 'I am, with @imani.okafor ');
  await field.press('Enter');
  const { page } = imani;
  await page.goBack();
  const named = message(page, 'I am, with').getByRole('link', { name: '@imani.okafor' });
  await named.waitFor();
  expect([await named.getAttribute('data-own'), await named.getAttribute('href')]).toEqual([
    'true',
    '/@imani.okafor',
  ]);
  await page.getByTitle(words.conversation.info('Saturday hikers')).click();
});

it('BC-2 the owner adds, makes an admin, and hands over; each sees it at once', async () => {
  const { page } = imani;
  await page.getByRole('button', { name: words.group.add }).click();
  await page.getByRole('searchbox', { name: words.people.label }).fill('Priya');
  await page.locator('label', { hasText: 'Priya Nair' }).click();
  await page.getByRole('button', { name: words.group.addAction(1) }).click();
  await page
    .getByRole('heading', { name: words.group.people(3) })
    .first()
    .waitFor();
  await noor.page
    .getByRole('link', { name: /Saturday hikers/ })
    .first()
    .click();
  expect(await noor.page.getByRole('button', { name: words.group.rename }).count()).toBe(0);
  await page.getByRole('button', { name: words.group.options('Noor Haddad') }).click();
  await page.getByRole('menuitem', { name: words.group.handOver }).click();
  await page.getByRole('button', { name: words.group.handOverAction, exact: true }).click();
  await noor.page.getByRole('button', { name: words.group.rename }).click();
  await noor.page.getByLabel(words.compose.name).fill('Lighthouse walkers');
  await noor.page.getByRole('button', { name: words.save }).click();
  await page.getByRole('heading', { name: 'Lighthouse walkers' }).first().waitFor();
});

it('BC-8 a search finds the message, marks the words, and leads to its place', async () => {
  const { page } = noor;
  await page
    .getByRole('link', { name: words.nav.unread(0) })
    .first()
    .click();
  const asked: string[] = [];
  await page.route(/\/v1\/messages\?/, route => {
    asked.push(new URL(route.request().url()).searchParams.get('query') ?? '');
    if (asked.length > 1) return route.continue();
    const error = { code: 'rate_limited', details: { retryAfter: 1 }, requestId: 'x' };
    return route.fulfill({ status: 429, headers: { 'retry-after': '1' }, json: { error } });
  });
  const field = page.getByRole('searchbox', { name: words.messageSearch.label });
  // Quicker than the wait after the last key: all but the last would be for nothing.
  await field.evaluate(async (input: HTMLInputElement) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const typed = 'LIGHT path';
    for (let end = 1; end <= typed.length; end += 1) {
      set?.call(input, typed.slice(0, end));
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise(done => setTimeout(done, 20));
    }
  });
  const hit = page.getByRole('link', { name: /lighthouse path/ });
  await hit.waitFor();
  expect(asked.length).toBeLessThan('LIGHT path'.length);
  expect(asked.slice(-2)).toEqual(['LIGHT path', 'LIGHT path']);
  await page.unroute(/\/v1\/messages\?/);
  expect(noor.problems.splice(0)).toEqual([expect.stringContaining('429')]);
  expect(await hit.locator('mark').allTextContents()).toEqual(['light', 'path']);
  await checkScreen(page, 'search');
  await hit.click();
  await page.waitForURL(/\?at=2$/);
  await message(page, 'Who is in for the lighthouse path?').waitFor();
});

it('BC-8 a row is marked unread, pinned, muted and archived by its menu, on every device', async () => {
  const { page } = noor;
  await page
    .getByRole('link', { name: words.nav.unread(0) })
    .first()
    .click();
  const menu = page.getByRole('button', { name: words.place.options('Lighthouse walkers') });
  const marked = async () =>
    (await noor.person.call('GET /v1/conversations')).conversations.map(each => each.markedUnread);
  for (const [item, unread] of [
    [words.place.markUnread, true],
    [words.place.markRead, false],
  ] as const) {
    await menu.click();
    await page.getByRole('menuitem', { name: item }).click();
    await soon(() => page.getByText(words.place.marked).count(), unread ? 1 : 0);
    await soon(marked, [unread]);
  }
  await menu.click();
  await page.getByRole('menuitem', { name: words.place.pin }).click();
  await page.getByRole('img', { name: words.place.pinned }).waitFor();
  await menu.click();
  await page.getByRole('menuitem', { name: words.place.mute }).click();
  await page.getByRole('button', { name: words.place.mute8h }).click();
  await page.getByRole('img', { name: words.place.muted }).waitFor();
  await menu.click();
  await page.getByRole('menuitem', { name: words.place.archive }).click();
  await soon(() => menu.count(), 0);
  // It is out of the inbox at once, and in the archive when the server has it.
  const archived = async () => {
    const query = { view: 'archived' } as const;
    const { conversations } = await noor.person.call('GET /v1/conversations', { query });
    return conversations.map(each => [each.kind === 'group' && each.title, each.mutedUntil !== null]);
  };
  await soon(archived, [['Lighthouse walkers', true]]);
  await page.getByRole('link', { name: words.archive.open }).click();
  await menu.waitFor();
  await checkScreen(page, 'archive');
  await menu.click();
  await page.getByRole('menuitem', { name: words.place.unarchive }).click();
  await soon(() => menu.count(), 0);
  await soon(archived, []);
});

it('BC-2 RT-9 who is removed or leaves has it no more', async () => {
  const { page } = noor;
  await page.goto('/backchannel');
  await page.getByRole('link', { name: /Lighthouse walkers/ }).click();
  await page.getByTitle(words.conversation.info('Lighthouse walkers')).click();
  await page.getByRole('button', { name: words.group.options('Imani Okafor') }).click();
  await page.getByRole('menuitem', { name: words.group.remove }).click();
  await page.getByRole('button', { name: words.group.removeAction, exact: true }).click();
  await imani.page.getByText(words.conversation.missingTitle).first().waitFor();
  await imani.page.goto('/backchannel');
  await imani.page.getByText(words.inbox.emptyTitle).waitFor();
  await page.getByRole('button', { name: words.group.leave }).click();
  await page.getByRole('button', { name: words.group.leave }).last().click();
  await page.getByText(words.inbox.emptyTitle).waitFor();
  const { conversations } = await priya.call('GET /v1/conversations');
  expect(conversations).toMatchObject([{ title: 'Lighthouse walkers', you: 'owner', count: 1 }]);
  expect(theo.id).not.toBe('');
  expect([...imani.problems, ...noor.problems]).toEqual([]);
});
