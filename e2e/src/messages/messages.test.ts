import { acquaint, type Link, linkTo } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import {
  type AtBrowser,
  laptop,
  type Opens,
  openPage,
  phone,
  signInByCookie,
  sitDown,
} from '../browser/person.ts';
import { composer, hold, message, shown, texts, type, write } from '../browser/thread.ts';
import { checkScreen } from '../screens/check.ts';
import { soon } from '../soon.ts';

/** Imani at a laptop, Noor with a phone and a network that comes and goes. */
let house: House;
let imani: AtBrowser;
let noor: AtBrowser;
let phoneOfNoor: Opens;
let link: Link;

beforeAll(async () => {
  house = await startHouse();
  const [node] = house.network.nodes;
  if (!node) throw new Error('the network has no node');
  link = await linkTo(node);
  const browser = await house.browser();
  imani = await sitDown(browser, house.network, 'Imani Okafor', { viewport: laptop });
  phoneOfNoor = house.device();
  noor = await sitDown(phoneOfNoor, house.network, 'Noor Haddad', { viewport: phone, link });
  await acquaint(imani.person, noor.person);
});
afterAll(async () => {
  await house?.stop();
  await link?.close();
});

async function goOffline(): Promise<void> {
  await noor.context.setOffline(true);
  link.tcp.cut('reset');
}
async function comeBack(): Promise<void> {
  link.tcp.mend();
  await noor.context.setOffline(false);
}

it('BC-1 RT-3 found by name, written to, and there on the other’s phone with a dot until it is read', async () => {
  const { page } = imani;
  await page.getByRole('link', { name: words.nav.search }).first().click();
  await page.getByRole('searchbox', { name: words.people.label }).fill('noor');
  await page.getByRole('button', { name: words.people.writeTo('Noor Haddad') }).click();
  await write(page, 'Noor Haddad', 'Shall we open the room at eight?');
  await noor.page
    .getByRole('link', { name: words.nav.unread(1) })
    .first()
    .click();
  await noor.page.getByRole('link', { name: /Imani Okafor/ }).click();
  await soon(() => texts(noor.page), ['Shall we open the room at eight?']);
  await message(page, 'at eight?')
    .getByText(words.conversation.read, { exact: true })
    .waitFor({ state: 'attached' });
  const row = noor.page.getByRole('link', { name: /Imani Okafor/ });
  await noor.page.goBack();
  await row.waitFor();
  await soon(() => row.getByText(words.inbox.unread(1)).count(), 0);
  await row.click();
});

it('BC-8 one sees the other typing, until it is sent', async () => {
  await type(noor.page, 'Imani Okafor', 'Eight');
  const typing = imani.page.getByText(words.conversation.typing('Noor Haddad'));
  await typing.waitFor({ state: 'attached' });
  await write(noor.page, 'Imani Okafor', 'Eight is fine.');
  await typing.waitFor({ state: 'detached' });
  await soon(async () => (await texts(imani.page)).at(-1), 'Eight is fine.');
});

it('RT-3 both writing at once see the same, in the same order, nothing twice', async () => {
  const before = (await texts(imani.page)).length;
  const lines = [1, 2, 3, 4, 5];
  await Promise.all([
    (async () => {
      for (const line of lines) await write(imani.page, 'Noor Haddad', `imani ${line}`);
    })(),
    (async () => {
      for (const line of lines) await write(noor.page, 'Imani Okafor', `noor ${line}`);
    })(),
  ]);
  const all = [...lines.map(line => `imani ${line}`), ...lines.map(line => `noor ${line}`)];
  await soon(async () => (await texts(imani.page)).slice(before).toSorted(), all);
  const order = (await texts(imani.page)).slice(before);
  await soon(async () => (await texts(noor.page)).slice(before), order);
  for (const who of ['imani', 'noor'])
    expect(order.filter(text => text.startsWith(who))).toEqual(lines.map(line => `${who} ${line}`));
  await soon(
    async () => new Set((await shown(noor.page)).map(({ delivery }) => delivery)),
    new Set(['sent']),
  );
});

it('BC-30 written without a network, it waits, also through a reload; back, it goes once, in order', async () => {
  await noor.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await goOffline();
  await write(noor.page, 'Imani Okafor', 'from the tunnel, one');
  await write(noor.page, 'Imani Okafor', 'from the tunnel, two');
  await message(noor.page, 'from the tunnel, two').getByText(words.conversation.waiting).waitFor();
  await noor.page.getByText(words.offline.banner).first().waitFor();
  await noor.page.reload();
  await soon(
    async () => (await shown(noor.page)).slice(-2),
    [
      { text: 'from the tunnel, one', delivery: 'waiting' },
      { text: 'from the tunnel, two', delivery: 'waiting' },
    ],
  );
  expect((await texts(imani.page)).filter(text => text.includes('tunnel'))).toEqual([]);
  await comeBack();
  const tunnel = ['from the tunnel, one', 'from the tunnel, two'];
  await soon(async () => (await texts(imani.page)).slice(-2), tunnel, 40_000);
  await soon(
    async () => (await shown(noor.page)).slice(-2),
    tunnel.map(text => ({ text, delivery: 'sent' })),
    40_000,
  );
  expect((await texts(noor.page)).filter(text => text.includes('tunnel'))).toEqual(tunnel);
});

it('BC-30 written without a network, it is there when the app was closed and is opened again, and goes; BC-8 so is what was not sent yet, with what it answers', async () => {
  await goOffline();
  await write(noor.page, 'Imani Okafor', 'from a phone that went out');
  await message(noor.page, 'from a phone that went out').getByText(words.conversation.waiting).waitFor();
  await type(noor.page, 'Imani Okafor', 'and half a thought');
  await hold(noor.page, 'imani 5');
  await noor.page.getByRole('menuitem', { name: words.conversation.reply }).click();
  await noor.page.getByText(words.conversation.replyingTo('Imani Okafor')).waitFor();
  const where = new URL(noor.page.url()).pathname;
  await noor.context.close();
  const { page, context, problems } = await openPage(phoneOfNoor, house.network, { viewport: phone, link });
  problems.push(...noor.problems);
  noor = { ...noor, page, context, problems };
  await context.setOffline(true);
  await page.goto(where);
  await soon(async () => (await shown(page)).at(-1), {
    text: 'from a phone that went out',
    delivery: 'waiting',
  });
  await soon(() => composer(page, 'Imani Okafor').inputValue(), 'and half a thought');
  await page.getByText(words.conversation.replyingTo('Imani Okafor')).waitFor();
  await comeBack();
  await soon(async () => (await texts(imani.page)).at(-1), 'from a phone that went out', 40_000);
  await soon(
    async () => (await shown(page)).at(-1),
    { text: 'from a phone that went out', delivery: 'sent' },
    40_000,
  );
  await page.getByRole('button', { name: words.conversation.cancelReply }).click();
  await composer(page, 'Imani Okafor').fill('');
});

it('BC-30 written the moment before the page is gone, it is there', async () => {
  await goOffline();
  // A storage that takes its time: nothing of it is done when the page goes.
  await noor.page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('later', 'AbortError');
    };
  });
  await write(noor.page, 'Imani Okafor', 'and gone');
  await noor.page.reload();
  await soon(async () => (await shown(noor.page)).at(-1), { text: 'and gone', delivery: 'waiting' });
  await comeBack();
  await soon(async () => (await texts(imani.page)).at(-1), 'and gone', 40_000);
  await soon(async () => (await shown(noor.page)).at(-1), { text: 'and gone', delivery: 'sent' }, 40_000);
});

it('BC-30 a storage that stops answering holds up neither what is written nor what comes', async () => {
  const other = await noor.context.newPage();
  await other.goto('/healthz');
  // A transaction that never ends: all others wait behind it.
  await other.evaluate(async () => {
    const opening = indexedDB.open('sotto');
    await new Promise(resolve => {
      opening.onsuccess = resolve;
    });
    const store = opening.result.transaction('records', 'readwrite').objectStore('records');
    const hold = () => {
      store.get('nothing').onsuccess = hold;
    };
    hold();
  });
  await write(noor.page, 'Imani Okafor', 'is this thing on?');
  await soon(async () => (await texts(imani.page)).at(-1), 'is this thing on?');
  await noor.page.reload();
  await write(imani.page, 'Noor Haddad', 'loud and clear');
  await soon(async () => (await texts(noor.page)).at(-1), 'loud and clear', 40_000);
  await write(noor.page, 'Imani Okafor', 'good');
  await soon(async () => (await texts(imani.page)).at(-1), 'good');
  await other.close();
});

it('BC-30 refused, it says why, and can be sent again', async () => {
  await goOffline();
  await write(noor.page, 'Imani Okafor', 'are you cross with me?');
  await imani.person.call('PUT /v1/people/:account/block', { params: { account: noor.person.id } });
  await comeBack();
  const failed = message(noor.page, 'are you cross with me?');
  await failed.getByText(words.errors.cannot_message as string).waitFor({ timeout: 40_000 });
  await imani.person.call('DELETE /v1/people/:account/block', { params: { account: noor.person.id } });
  await failed.getByRole('button', { name: words.conversation.failedRetry }).click();
  await soon(async () => (await texts(imani.page)).at(-1), 'are you cross with me?');
  await soon(async () => (await shown(noor.page)).at(-1)?.delivery, 'sent');
});

it('BC-5 BC-23 long, right-to-left, joined emoji, and links are shown as they were meant', async () => {
  const long = 'unbroken'.repeat(500);
  const family = '👩🏽‍👩🏽‍👧🏽‍👦🏽';
  const arabic = 'مرحبا، كيف الحال؟ see https://example.org/a_(b), ok';
  for (const text of [long, family, arabic]) await write(imani.page, 'Noor Haddad', text);
  await soon(async () => (await texts(noor.page)).slice(-2), [family, arabic]);
  const paragraph = message(noor.page, 'مرحبا').locator('p');
  expect(await paragraph.evaluate(element => getComputedStyle(element).direction)).toBe('rtl');
  const anchor = paragraph.getByRole('link');
  expect(await anchor.getAttribute('href')).toBe('https://example.org/a_(b)');
  expect(await anchor.getAttribute('rel')).toContain('noopener');
  await message(noor.page, 'unbroken').getByRole('button', { name: words.conversation.readMore }).click();
  await soon(async () => (await texts(noor.page)).includes(long), true);
  for (const { page } of [imani, noor])
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
});

it('BC-6 BC-7 a message is copied, and there is no way to change or delete it', async () => {
  const last = message(imani.page, 'are you cross with me?');
  await last.locator('[data-bubble]').click({ button: 'right' });
  const menu = imani.page.getByRole('menu', { name: words.conversation.actions });
  await menu.waitFor();
  await imani.page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  await last.hover();
  await last.getByRole('button', { name: words.conversation.actions }).click();
  const items = imani.page.getByRole('menuitem');
  const { reply, copy, report } = words.conversation;
  expect((await items.allTextContents()).filter(Boolean)).toEqual([reply, copy, report]);
  await items.filter({ hasText: copy }).click();
  await imani.page.getByText(words.conversation.copied).first().waitFor();
  expect(await imani.page.evaluate(() => navigator.clipboard.readText())).toBe('are you cross with me?');
});

/** In the page: `network` where a request went past the worker, as a call should that is never kept. */
async function answeredBy(path: string): Promise<string | undefined> {
  performance.clearResourceTimings();
  const heard = new Promise<PerformanceEntry>(resolve => {
    const observer = new PerformanceObserver(list => {
      const entry = list.getEntriesByName(`${location.origin}${path}`)[0];
      if (entry) resolve(entry);
    });
    observer.observe({ type: 'resource' });
  });
  await (await fetch(path)).arrayBuffer();
  return (await heard).toJSON().workerFinalSourceType;
}

it('BC-30 from the first visit on, what was never opened before opens without a network', async () => {
  const { page, context } = imani;
  await soon(() => page.evaluate(() => navigator.serviceWorker.controller !== null), true);
  expect(await page.evaluate(answeredBy, '/v1/me')).toBe('network');
  expect(await page.evaluate(answeredBy, '/index.html')).not.toBe('network');
  await context.setOffline(true);
  const last = message(page, 'are you cross with me?');
  await last.hover();
  await last.getByRole('button', { name: words.conversation.actions }).click();
  await page.getByRole('menuitem', { name: words.conversation.report }).click();
  await page.getByRole('dialog').getByLabel(words.reports.reasons.spam).check();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.setOffline(false);
});

/** In the page: what another app shares comes as the browser posts it, a form with files. */
function share({ text, names, action }: { text: string; names: string[]; action: string }): void {
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const bytes = Uint8Array.from(atob(pixel), sign => sign.charCodeAt(0));
  const files = new DataTransfer();
  for (const name of names) {
    const type = name.endsWith('.png') ? 'image/png' : 'application/pdf';
    files.items.add(new File([bytes], name, { type }));
  }
  const form = document.createElement('form');
  Object.assign(form, { method: 'POST', action, enctype: 'multipart/form-data' });
  for (const [name, value] of Object.entries({ title: '', text, url: '' })) {
    form.append(Object.assign(document.createElement('input'), { name, value }));
  }
  const field = Object.assign(document.createElement('input'), {
    type: 'file',
    name: 'files',
    multiple: true,
  });
  field.files = files.files;
  form.append(field);
  document.body.append(form);
  form.submit();
}

it('BC-20 what another app shares waits, also without a network, until one says whom it is for, and then until one sends it', async () => {
  const { page } = noor;
  const say = words.conversation;
  await composer(page, 'Imani Okafor').fill('Look:');
  await soon(() => page.evaluate(() => navigator.serviceWorker.controller !== null), true);
  await goOffline();
  const names = ['one.png', 'list.pdf', 'two.png'];
  await page.evaluate(share, { text: 'from the gallery', names, action: '/share' });
  await page.getByRole('heading', { name: words.shared.title }).waitFor();
  await page.getByText(say.fileType('list.pdf')).last().waitFor();
  const strip = page.getByRole('list', { name: say.attach }).getByRole('listitem');
  await soon(() => strip.count(), 2);
  await page.reload();
  await page.getByText('from the gallery').waitFor();
  await soon(() => strip.count(), 2);
  await comeBack();
  const recent = page.getByRole('region', { name: words.shared.recent });
  await recent.getByRole('button', { name: /Imani Okafor/ }).waitFor();
  await checkScreen(page, 'share');
  // Back from a wrong tap all is there still, and nothing of it where it went.
  for (const wrong of [true, false]) {
    await recent.getByRole('button', { name: /Imani Okafor/ }).click();
    await soon(() => composer(page, 'Imani Okafor').inputValue(), 'Look:\nfrom the gallery');
    await soon(() => strip.count(), 2);
    if (wrong) await page.getByRole('button', { name: words.back }).click();
  }
  expect((await texts(imani.page)).filter(text => text.includes('gallery'))).toEqual([]);
  await page.getByRole('button', { name: say.send, exact: true }).click();
  await message(imani.page, 'from the gallery')
    .getByRole('button', { name: say.viewerOpen(say.image, 2, 2) })
    .waitFor({ timeout: 40_000 });
  await page.getByRole('button', { name: words.back }).click();
  await page.getByRole('link', { name: /Imani Okafor/ }).waitFor();
  await page.goto('/share');
  await page.getByText(words.shared.nothingTitle).waitFor();
});

it('BC-20 what any page shares while nobody is signed in is there when somebody has signed in, and not taken for a later one that was lost', async () => {
  const { page, context } = await openPage(await house.browser(), house.network, { viewport: phone });
  await page.goto('/');
  await soon(() => page.evaluate(() => navigator.serviceWorker.controller !== null), true, 40_000);
  const action = new URL('/share', page.url()).href;
  await page.goto('about:blank');
  await page.evaluate(share, { text: 'https://example.org/a-find', names: [], action });
  await page.getByRole('button', { name: words.welcome.action }).waitFor();
  await signInByCookie(context, house.network, noor.person.address);
  await page.reload();
  await page.getByText('https://example.org/a-find').waitFor();
  await page.getByText(words.shared.origin).waitFor();
  await page.goto('/share?lost');
  await page.getByText(words.shared.lostTitle).waitFor();
  expect(await page.getByText('https://example.org/a-find').count()).toBe(0);
  await page.getByRole('button', { name: words.shared.earlier }).click();
  await page.getByText('https://example.org/a-find').waitFor();
  await page.getByRole('button', { name: words.shared.cancel }).click();
  await page.getByRole('link', { name: /Imani Okafor/ }).waitFor();
  await page.goto('/share');
  await page.getByText(words.shared.nothingTitle).waitFor();
  await context.close();
});

it('a sheet whose code cannot be had says so in its place, and is asked for again', async () => {
  const { page, context } = await openPage(await house.browser(), house.network, { serviceWorkers: 'block' });
  await signInByCookie(context, house.network, imani.person.address);
  let away = true;
  let asked = 0;
  await page.route(/\/assets\/KeysSheet-/, route => {
    asked += 1;
    return away ? route.abort() : route.continue();
  });
  await page.goto('/backchannel');
  await page.getByRole('link', { name: /Noor Haddad/ }).waitFor();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: words.unavailable });
  await sheet.waitFor();
  const before = asked;
  expect(await page.getByRole('link', { name: /Noor Haddad/ }).count()).toBe(1);
  await sheet.getByRole('button', { name: words.retry }).click();
  await soon(() => asked > before, true);
  away = false;
  await sheet.getByRole('button', { name: words.retry }).click();
  const keys = page.getByRole('dialog', { name: words.keys.title });
  await keys.waitFor();
  // Its style has come with it.
  expect(
    await keys
      .locator('dl, ul')
      .first()
      .evaluate(list => getComputedStyle(list).display),
  ).toBe('grid');
  await context.close();
});

it('met no errors on the way', () => {
  // The browser's own words on the message that was refused, and on the line that was cut.
  const refused =
    /status of 403 .*\/messages$|net::ERR_(?:CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/;
  const problems = [...imani.problems, ...noor.problems];
  expect(problems.filter(problem => !refused.test(problem))).toEqual([]);
  expect(house.network.log.filter(line => line.level >= 50)).toEqual([]);
});
