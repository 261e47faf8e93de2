import { type Link, linkTo } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, phone, sitDown } from '../browser/person.ts';
import { button, joinRoom, openRoom, unmute } from '../browser/room.ts';
import { expectHeard, expectQuiet, pass } from './listening.ts';

const title = 'The line is bad tonight';
/** How long the network is away, ms. */
const AWAY = 10_000;

let house: House;
let imani: AtBrowser;
let noor: AtBrowser;
const links: Link[] = [];

beforeAll(async () => {
  house = await startHouse();
  const [node] = house.network.nodes;
  if (!node) throw new Error('the network has no node');
  links.push(await linkTo(node), await linkTo(node));
  const [a, b] = await Promise.all([house.browser('voice-a.wav'), house.browser()]);
  const [first, second] = links;
  if (!first || !second) throw new Error('two ways were to be there');
  imani = await sitDown(a, house.network, 'Imani Okafor', { viewport: laptop, link: first });
  noor = await sitDown(b, house.network, 'Noor Haddad', { viewport: phone, link: second });
  await openRoom(imani.page, title);
  await unmute(imani.page);
  await joinRoom(noor.page, title);
  await expectHeard(noor.page);
});
afterAll(async () => {
  await house?.stop();
  for (const link of links) await link.close();
});

it('AU-7 AU-8 a listener without network for 10 s hears nothing, and then hears again by itself', async () => {
  links[1]?.cut();
  await expectQuiet(noor.page);
  await pass(noor.page, AWAY);
  links[1]?.mend();
  await expectHeard(noor.page, 30_000);
});

it('AU-7 RO-5 a speaker without network for 10 s is heard again by herself, role and voice kept', async () => {
  links[0]?.cut();
  await expectQuiet(noor.page);
  await pass(noor.page, AWAY);
  links[0]?.mend();
  await expectHeard(noor.page, 30_000);
  await button(imani.page, words.room.mute).waitFor();
});

it('AU-8 told by the browser that the network is back, it does not wait', async () => {
  links[1]?.cut();
  await noor.context.setOffline(true);
  await expectQuiet(noor.page);
  await noor.page.getByText(words.offline.banner).first().waitFor();
  await noor.context.setOffline(false);
  links[1]?.mend();
  await expectHeard(noor.page, 15_000);
});

it('met no fault on the way', () => {
  expect([...imani.problems, ...noor.problems]).toEqual([]);
  expect(house.network.log.filter(line => line.level >= 50)).toEqual([]);
});
