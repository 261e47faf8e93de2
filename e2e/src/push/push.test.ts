import type { PushPayload } from '@sotto/protocol';
import { acquaint } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import type { CDPSession, Worker } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, sitDown } from '../browser/person.ts';
import { soon } from '../soon.ts';

/**
 * The service worker in a real browser, given pushes as the browser's push service would. What goes to that service, and
 * that only this browser can read it, is tested beside the server's notifications.
 */
let house: House;
let imani: AtBrowser;
let noor: AtBrowser;
let conversation: string;
let cdp: CDPSession;
let registration: string;
let worker: Worker;

beforeAll(async () => {
  house = await startHouse();
  const browser = await house.browser();
  imani = await sitDown(browser, house.network, 'Imani Okafor', { viewport: laptop, path: '/settings' });
  noor = await sitDown(browser, house.network, 'Noor Haddad', { viewport: laptop });
  await acquaint(imani.person, noor.person);
  ({ id: conversation } = await imani.person.call('PUT /v1/conversations/direct/:account', {
    params: { account: noor.person.id },
  }));
  await imani.context.grantPermissions(['notifications']);
  cdp = await imani.context.newCDPSession(imani.page);
  const registered = new Promise<string>(resolve =>
    cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const active = versions.find(({ status }) => status === 'activated');
      if (active) resolve(active.registrationId);
    }),
  );
  await cdp.send('ServiceWorker.enable');
  registration = await registered;
  const [first] = imani.context.serviceWorkers();
  if (!first) throw new Error('no service worker');
  worker = first;
  // Counts the events that are done with, so that what is shown is asked when it stands.
  await worker.evaluate(() => {
    const scope = globalThis as unknown as Counting;
    const { prototype } = scope.ExtendableEvent;
    const { waitUntil } = prototype;
    scope.done = 0;
    prototype.waitUntil = function (work) {
      waitUntil.call(
        this,
        work.finally(() => {
          scope.done += 1;
        }),
      );
    };
  });
});
afterAll(() => house?.stop());

interface Counting {
  ExtendableEvent: { prototype: { waitUntil(work: Promise<unknown>): void } };
  done: number;
}
const done = () => worker.evaluate(() => (globalThis as unknown as Counting).done);

async function push(payload: PushPayload | string): Promise<void> {
  const before = await done();
  await cdp.send('ServiceWorker.deliverPushMessage', {
    origin: new URL(imani.page.url()).origin,
    registrationId: registration,
    data: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  await soon(done, before + 1);
}
const news = (more: object = {}): PushPayload => ({
  v: 1,
  kind: 'message',
  conversation,
  title: 'Noor Haddad',
  body: 'Eight is fine.',
  count: 1,
  badge: 1,
  tag: `conversation ${conversation}`,
  url: `/backchannel/${conversation}`,
  at: Date.now(),
  ...more,
});
/** What is on the lock screen. */
const shown = () =>
  imani.page.evaluate(async () => {
    const { getNotifications } = {
      getNotifications: async () => (await navigator.serviceWorker.ready).getNotifications(),
    };
    return (await getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
  });
const tag = () => `conversation ${conversation}`;

it('BC-31 says so where the browser has no push service to ask, and does not claim to be on', async () => {
  const { page } = imani;
  const toggle = page.getByRole('switch', { name: words.notifications.switch });
  await toggle.click();
  await page.getByText(words.notifications.failed).waitFor();
  await soon(() => toggle.isChecked(), false);
});

it('BC-31 choices and quiet hours are kept, by the clock of this device', async () => {
  const { page, person } = imani;
  await page.getByRole('switch', { name: words.notifications.hideText }).click();
  await page.getByRole('switch', { name: words.notifications.quiet }).click();
  await page.getByLabel(words.notifications.from, { exact: true }).fill('23:15');
  const timeZone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  await soon(() => person.call('GET /v1/me/push/choices'), {
    direct: true,
    groups: true,
    mentions: true,
    hideText: true,
    quiet: { from: '23:15', to: '07:00', timeZone },
  });
  await page.getByRole('switch', { name: words.notifications.quiet }).click();
  await soon(async () => (await person.call('GET /v1/me/push/choices')).quiet, null);
});

it('BC-31 a push is one notification a conversation, the newest', async () => {
  await push(news());
  expect(await shown()).toEqual([{ title: 'Noor Haddad', body: 'Eight is fine.', tag: tag() }]);
  await push(news({ body: 'Or nine?', count: 2 }));
  expect(await shown()).toEqual([{ title: 'Noor Haddad', body: 'Or nine?', tag: tag() }]);
  await push(
    news({
      conversation: 'other',
      tag: 'conversation other',
      title: 'Friends',
      from: 'Bo',
      body: undefined,
      what: 'image',
    }),
  );
  expect(await shown()).toHaveLength(2);
  expect((await shown()).find(each => each.title === 'Friends')?.body).toBe('Bo: Photo');
});

it('BC-31 a hidden text stays hidden', async () => {
  await push(news({ body: undefined, count: 3 }));
  expect((await shown()).find(each => each.tag === tag())?.body).toBe('3 new messages');
});

it('BC-31 read elsewhere, it goes away, and that of another conversation stays', async () => {
  await push({ v: 1, kind: 'clear', conversation, badge: 0, tag: tag() });
  expect((await shown()).map(each => each.title)).toEqual(['Friends']);
  await push({ v: 1, kind: 'clear', conversation: 'other', badge: 0, tag: 'conversation other' });
  expect(await shown()).toEqual([]);
});

it('BC-31 a push that a newer server wrote is not lost', async () => {
  await push('{"v":2,"kind":"poem"}');
  expect(await shown()).toHaveLength(1);
  await push('no JSON');
  expect((await shown()).map(each => each.title)).toEqual(['Sotto']);
  await imani.page.evaluate(async () => {
    for (const each of await (await navigator.serviceWorker.ready).getNotifications()) each.close();
  });
});

it('BC-31 a tap leads to the conversation in the window that is open, and takes the notification away', async () => {
  const { page } = imani;
  await noor.person.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation },
    body: { clientId: crypto.randomUUID(), text: 'Are you there?' },
  });
  await push(news({ body: 'Are you there?' }));
  expect(await shown()).toHaveLength(1);
  // The worker itself is tapped: nobody can tap what a browser without a screen shows.
  await worker.evaluate(async () => {
    const scope = globalThis as unknown as {
      registration: ServiceWorkerRegistration;
      dispatchEvent(event: Event): boolean;
      NotificationEvent: new (type: string, init: object) => Event;
    };
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  });
  await soon(() => new URL(page.url()).pathname, `/backchannel/${conversation}`);
  await page.getByText('Are you there?').first().waitFor();
  await soon(shown, []);
});

it('BC-31 what is on screen is not notified', async () => {
  const { page } = imani;
  await page.bringToFront();
  await page.evaluate(() => window.focus());
  await push(news({ body: 'You see me.' }));
  await push(
    news({
      conversation: 'other',
      tag: 'conversation other',
      title: 'Friends',
      url: '/backchannel/other',
      body: 'But not us.',
    }),
  );
  expect((await shown()).map(each => each.title)).toEqual(['Friends']);
});

it('BC-31 signed out, nothing of it stays on screen', async () => {
  const { page } = imani;
  await page.goto('/settings');
  await page.getByRole('button', { name: words.settings.signOut, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.settings.signOut, exact: true }).click();
  await soon(shown, []);
  expect(imani.problems.filter(problem => !/push/i.test(problem))).toEqual([]);
});
