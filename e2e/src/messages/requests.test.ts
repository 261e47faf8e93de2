import { newId } from '@sotto/sdk';
import type { NetworkPerson } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, phone, sitDown } from '../browser/person.ts';
import { button } from '../browser/room.ts';
import { shown, texts, write } from '../browser/thread.ts';
import { checkScreen } from '../screens/check.ts';
import { soon } from '../soon.ts';

/** Ada runs the place from a laptop, Noor has a phone; the others do not know her. */
let house: House;
let ada: AtBrowser;
let noor: AtBrowser;
let sven: NetworkPerson;

beforeAll(async () => {
  house = await startHouse();
  const browser = await house.browser();
  ada = await sitDown(browser, house.network, 'Ada Admin', { viewport: laptop, path: '/console/reports' });
  noor = await sitDown(browser, house.network, 'Noor Haddad', { viewport: phone, path: '/backchannel' });
  sven = await house.network.person('Sven Berg');
  for (const { page } of [ada, noor]) await page.emulateMedia({ reducedMotion: 'reduce' });
});
afterAll(() => house?.stop());

async function ask(from: NetworkPerson, text: string): Promise<string> {
  const { id } = await from.call('PUT /v1/conversations/direct/:account', {
    params: { account: noor.person.id },
  });
  await from.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation: id },
    body: { clientId: newId(), text },
  });
  return id;
}

const row = () => noor.page.getByRole('link', { name: words.headings.requests });

it('BC-12 BC-14 a stranger’s message waits in a quiet row, veiled; BC-13 accepted, both write, and BC-11 its link is live', async () => {
  const { page } = noor;
  const hello = 'Hello, we met at the tram, see tram.example.org';
  const id = await ask(sven, hello);
  await row().waitFor();
  expect(await page.title()).not.toMatch(/^\(/);
  await row().click();
  await page.getByText(words.requests.stranger).waitFor();
  expect(await page.getByText('we met at the tram').count()).toBe(0);
  await checkScreen(page, 'requests');
  await button(page, words.requests.show).click();
  await page.getByText('we met at the tram').waitFor();
  const link = page.getByRole('link', { name: 'tram.example.org', exact: true });
  expect(await link.count()).toBe(0);
  await page.goto(`/backchannel/${id}`);
  await soon(() => texts(page), [hello]);
  expect(await link.count()).toBe(0);
  await button(page, words.requests.accept).click();
  await link.waitFor();
  await write(page, 'Sven Berg', 'Yes, the 28.');
  await soon(async () => (await shown(page)).at(-1)?.delivery, 'sent');
  const thread = sven.sotto.conversations.get(id);
  const close = thread.open();
  await soon(() => thread.getSnapshot().conversation?.canWrite, true);
  thread.send('That one!');
  await soon(() => texts(page), [hello, 'Yes, the 28.', 'That one!']);
  close();
});

it('BC-12 the name of a stranger’s group is veiled until tapped', async () => {
  const { page } = noor;
  const host = await house.network.person('Max Group');
  await host.call('POST /v1/groups', {
    body: { clientId: newId(), title: 'Very rude title', people: [noor.person.id] },
  });
  await page.goto('/backchannel/requests');
  await button(page, words.requests.showGroup).waitFor();
  expect(await page.getByText('Very rude title').count()).toBe(0);
  await checkScreen(page, 'requests-group');
  await button(page, words.requests.showGroup).click();
  await page.getByText('Very rude title').waitFor();
  await button(page, words.requests.remove).click();
  await page.getByText(words.requests.emptyTitle).waitFor();
});

it('BC-13 several are picked out: deleted, or reported and blocked, and the list says that nobody waits', async () => {
  const { page } = noor;
  for (const name of ['Jo Two', 'Al Three', 'Bo Four'])
    await ask(await house.network.person(name), 'Buy something');
  await page.goto('/backchannel/requests');
  await page.getByRole('article').nth(2).waitFor();
  await button(page, words.requests.select).click();
  // The label covers the whole card, its own box too.
  for (const name of ['Jo Two', 'Al Three'])
    await page.getByLabel(words.requests.selectOne(name)).check({ force: true });
  await button(page, words.requests.report).click();
  await page.getByLabel(words.reports.reasons.spam).check();
  await button(page, words.reports.action).click();
  await page.getByText(words.reports.sent).first().waitFor();
  await soon(() => page.getByRole('article').count(), 1);
  const { reports } = await noor.person.call('GET /v1/me/reports');
  expect(reports.map(each => [each.about.name, each.reason]).sort()).toEqual([
    ['Al Three', 'spam'],
    ['Jo Two', 'spam'],
  ]);
  const { people } = await noor.person.call('GET /v1/me/blocks');
  expect(people.map(each => each.name).sort()).toEqual(['Al Three', 'Jo Two']);
  await ask(await house.network.person('Cy Five'), 'Buy something else');
  await page.getByRole('article').nth(1).waitFor();
  await button(page, words.requests.select).click();
  await button(page, words.requests.selectAll).click();
  await button(page, words.requests.remove).click();
  await page.getByRole('dialog').getByRole('button', { name: words.requests.remove }).click();
  await page.getByText(words.requests.emptyTitle).waitFor();
});

it('BC-7 a report reaches the console with its evidence; taken out of view, and the reporter reads the outcome', async () => {
  const { page } = noor;
  const rude = await house.network.person('Rude Person');
  const id = await ask(rude, 'Something very rude');
  await page.goto(`/backchannel/requests/${id}`);
  await button(page, `${words.requests.more}: Rude Person`).click();
  await page.getByRole('menuitem', { name: words.requests.report }).click();
  await page.getByLabel(words.reports.reasons.harassment).check();
  await page.getByLabel(words.reports.note).fill('Out of nowhere');
  await button(page, words.reports.action).click();
  await page.getByText(words.reports.sent).first().waitFor();

  await ada.page.getByRole('link', { name: /Rude Person/ }).click();
  await ada.page.getByText('Out of nowhere').waitFor();
  await ada.page.getByRole('radio', { name: words.console.outcomes.hidden }).check();
  await ada.page.getByLabel(words.console.answer).fill('Thank you, it is gone.');
  await checkScreen(ada.page, 'console-report');
  await button(ada.page, words.console.action).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: words.console.outcomes.hidden }).click();
  await ada.page.getByText(words.console.decidedBy('Ada Admin', 'now').split(',')[0] ?? '').waitFor();

  await page.getByText(words.notices.heard('Rude Person')).first().waitFor();
  await page.goto('/settings');
  await page.getByText('Thank you, it is gone.').waitFor();
  await page.getByText(words.reports.outcomes.hidden).waitFor();
  expect(ada.problems).toEqual([]);
  expect(noor.problems).toEqual([]);
});

it('BC-7 PE-9 in the console one report is dismissed, for another its writer is silenced, for a third suspended', async () => {
  const { page } = ada;
  const decisions = [
    { name: 'Calm Person', outcome: 'dismissed' },
    { name: 'Loud Person', outcome: 'silenced' },
    { name: 'Late Person', outcome: 'suspended' },
  ] as const;
  const people = [];
  for (const { name, outcome } of decisions) {
    const about = await house.network.person(name);
    const conversation = await ask(about, 'Hello there');
    await noor.person.call('POST /v1/reports', { body: { conversation, reason: 'spam' } });
    await page.goto('/console/reports');
    await page.getByRole('link', { name: new RegExp(name) }).click();
    await page.getByRole('radio', { name: words.console.outcomes[outcome] }).check();
    await button(page, words.console.action).click();
    await page.getByRole('dialog').getByRole('button', { name: words.console.outcomes[outcome] }).click();
    await page.getByText(words.console.decidedBy('Ada Admin', 'now').split(',')[0] ?? '').waitFor();
    people.push(about);
  }
  const { reports } = await noor.person.call('GET /v1/me/reports');
  const heard = new Map(reports.map(each => [each.about.name, each.outcome]));
  expect(decisions.map(({ name }) => heard.get(name))).toEqual(decisions.map(({ outcome }) => outcome));
  const [calm, loud, late] = people;
  const group = { body: { clientId: newId(), title: 'A quiet corner', people: [] } };
  await expect(calm?.call('POST /v1/groups', group)).resolves.toMatchObject({ title: 'A quiet corner' });
  await expect(loud?.call('POST /v1/groups', group)).rejects.toMatchObject({ code: 'silenced' });
  await expect(late?.call('GET /v1/me')).rejects.toMatchObject({ code: 'not_signed_in' });
  expect(ada.problems).toEqual([]);
});

it('BC-8 receipts are switched off and on in the settings', async () => {
  const { page } = noor;
  await page.goto('/settings');
  const receipts = page.getByRole('switch', { name: words.requests.receipts });
  for (const on of [false, true]) {
    await receipts.setChecked(on);
    await soon(async () => (await noor.person.call('GET /v1/me/backchannel')).receipts, on);
  }
});
