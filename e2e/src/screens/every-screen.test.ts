import { newId } from '@sotto/sdk';
import { acquaint, type NetworkPerson } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, phone, sitDown } from '../browser/person.ts';
import { button, faceOf } from '../browser/room.ts';
import { message } from '../browser/thread.ts';
import { checkScreen } from './check.ts';

const title = 'Do we still need the office, and if so, what on earth is it for these days?';
const arabic = 'قهوة الصباح: عن المدن والناس';

let house: House;
/** Moderates the room that visitors find. */
let host: NetworkPerson;
let listeners: NetworkPerson[];
let room: string;

beforeAll(async () => {
  house = await startHouse();
  const { network } = house;
  host = await network.person('Imani Okafor');
  const names = ['Noor Haddad', 'Sven Berg', 'Maximiliane Freifrau von Droste zu Hülshoff', 'سلمى الخطيب'];
  const speakers = await Promise.all(
    names.map((name, at) => network.person(name, { handle: `speaker${at}` })),
  );
  listeners = await Promise.all(
    ['Ana Lucía', 'Kofi Mensah', 'Yuki Tanaka', 'Li Wei', 'Jo'].map((name, at) =>
      network.person(name, { handle: `listener${at}` }),
    ),
  );
  room = (await host.sotto.rooms.open({ title, topics: ['work', 'cities'] })).info.id;
  for (const speaker of speakers) {
    await speaker.sotto.rooms.enter(room);
    await host.call('PUT /v1/rooms/:room/invitations/:account', { params: { room, account: speaker.id } });
    await speaker.call('POST /v1/rooms/:room/invitation/accept', { params: { room } });
  }
  for (const listener of listeners) await listener.sotto.rooms.enter(room);
  const elsewhere = await network.person('Elsewhere', { handle: 'elsewhere' });
  await elsewhere.sotto.rooms.open({ title: arabic });
});
afterAll(() => house?.stop());

/** Someone wrote: text that is long, in another direction, with a link. */
async function writeTo(person: NetworkPerson): Promise<string> {
  const { id } = await host.call('PUT /v1/conversations/direct/:account', { params: { account: person.id } });
  for (const text of [
    'Good evening! The agenda is at city-hall.example.org/bikes if you want to look before.',
    'هل نبدأ في الثامنة؟',
    '🚲🚲',
    'Here is a long one. '.repeat(20),
  ])
    await host.call('POST /v1/conversations/:conversation/messages', {
      params: { conversation: id },
      body: { clientId: newId(), text },
    });
  return id;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name }).first();
const close = (page: Page) => page.keyboard.press('Escape');

describe.each([
  ['phone', phone],
  ['laptop', laptop],
] as const)('on a %s, by day and in the evening', (device, viewport) => {
  let visitor: AtBrowser;
  let page: Page;
  let conversation: string;

  beforeAll(async () => {
    const name = device === 'phone' ? 'Femi Adeyemi' : 'Grace Mbeki';
    visitor = await sitDown(await house.browser(), house.network, name, { viewport });
    page = visitor.page;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await acquaint(host, visitor.person);
    conversation = await writeTo(visitor.person);
  });

  it('the hallway, and opening a room', async () => {
    await page.getByRole('button', { name: title }).waitFor();
    await page
      .getByRole('link', { name: words.nav.unread(4) })
      .first()
      .waitFor();
    await checkScreen(page, 'hallway');
    await button(page, new RegExp(`^(${words.hallway.open}|${words.hallway.openShort})$`))
      .first()
      .click();
    await page.getByLabel(words.openRoom.label).fill('A room of my own');
    await checkScreen(page, 'open-room');
    await close(page);
  });

  it('the Backchannel: inbox, conversation, people', async () => {
    await page.goto('/backchannel');
    await page.getByRole('link', { name: /Imani Okafor/ }).waitFor();
    await checkScreen(page, 'inbox');
    await page.goto(`/backchannel/${conversation}`);
    await message(page, 'هل نبدأ').waitFor();
    await checkScreen(page, 'conversation');
    await page.goto(`/backchannel/${newId()}`);
    await page.getByText(words.conversation.missingTitle).waitFor();
    await checkScreen(page, 'conversation-missing');
    await page.goto('/people');
    await page.getByRole('searchbox', { name: words.people.label }).fill('spea');
    await page.getByRole('button', { name: words.people.writeTo('Sven Berg') }).waitFor();
    await checkScreen(page, 'people');
    await page.getByRole('searchbox', { name: words.people.label }).fill('nobody like this');
    await page.getByText(words.people.noneTitle).waitFor();
    await checkScreen(page, 'people-none');
  });

  it('people: another’s profile, one’s own, changing it, settings, nowhere', async () => {
    await page.goto('/@speaker2');
    await heading(page, 'Maximiliane').waitFor();
    await checkScreen(page, 'profile');
    await page.goto('/@nobody.here');
    await page.getByText(words.profile.missingTitle).first().waitFor();
    await checkScreen(page, 'profile-missing');
    await page.goto('/you');
    await button(page, words.profile.edit).click();
    await page.getByRole('dialog').getByLabel(words.setup.bio).waitFor();
    await checkScreen(page, 'profile-edit');
    await close(page);
    await checkScreen(page, 'you');
    await page.goto('/settings');
    await page.getByText(words.settings.thisDevice).waitFor();
    await checkScreen(page, 'settings');
    await page.goto('/nowhere/at/all');
    await heading(page, words.notFound.title).waitFor();
    await checkScreen(page, 'not-found');
  });

  it('a room: its door, as a listener, with a hand up, as a bar', async () => {
    await page.goto(`/rooms/${room}`);
    await button(page, words.room.enter).waitFor();
    await checkScreen(page, 'room-door');
    await button(page, words.room.enter).click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await button(page, words.room.raise).click();
    await button(page, words.room.hand(1)).waitFor();
    await checkScreen(page, 'room-listener');
    await faceOf(page, 'Sven Berg').click();
    await page.getByRole('dialog').getByRole('button', { name: words.profile.write }).waitFor();
    await checkScreen(page, 'person-sheet');
    await close(page);
    await host.call('PUT /v1/rooms/:room/invitations/:account', {
      params: { room, account: visitor.person.id },
    });
    await page.getByText(words.room.invitation(host.name)).first().waitFor();
    await checkScreen(page, 'room-invited');
    await button(page, words.room.decline).click();
    // Beside the hallway a laptop keeps the room itself.
    if (device === 'phone') await button(page, words.room.minimise).click();
    else await page.getByRole('link', { name: words.nav.settings }).first().click();
    await page
      .getByRole('link', { name: words.room.expand(title) })
      .first()
      .waitFor();
    await checkScreen(page, 'room-bar');
    await page
      .getByRole('link', { name: words.room.expand(title) })
      .first()
      .click();
    await button(page, words.room.leave).click();
    await page.getByText(words.room.out.left).first().waitFor();
    await checkScreen(page, 'room-left');
  });

  it('a room of one’s own: moderating it', async () => {
    await page.goto('/');
    await button(page, new RegExp(`^(${words.hallway.open}|${words.hallway.openShort})$`))
      .first()
      .click();
    await page.getByLabel(words.openRoom.label).fill(`Mine, at a ${device}`);
    await button(page, words.openRoom.action).click();
    await button(page, words.room.unmute).waitFor();
    const mine = page.url().split('/').at(-1) ?? '';
    for (const listener of listeners.slice(0, 3)) {
      await listener.sotto.rooms.enter(mine);
      await visitor.person.call('PATCH /v1/rooms/:room', {
        params: { room: mine },
        body: { hands: 'everyone' },
      });
      await listener.call('PUT /v1/rooms/:room/hand', {
        params: { room: mine },
        body: { line: 'About the bicycles, and where to put them all.' },
      });
    }
    await button(page, words.room.unmute).click();
    await button(page, words.room.mute).waitFor();
    await checkScreen(page, 'room-moderator');
    await button(page, `${words.room.hands}: ${words.room.handsCount(3)}`).click();
    await page.getByRole('dialog').getByText('Ana Lucía').first().waitFor();
    await checkScreen(page, 'hands');
    await close(page);
    await faceOf(page, 'Kofi Mensah').click();
    await page.getByRole('dialog').getByRole('button', { name: words.room.inviteLong }).waitFor();
    await checkScreen(page, 'person-sheet-moderator');
    await close(page);
    await button(page, words.room.options).click();
    await page.getByRole('menuitem', { name: words.room.everyoneTitle }).waitFor();
    await checkScreen(page, 'room-menu');
    await page.getByRole('menuitem', { name: words.room.everyoneTitle }).click();
    await page.getByRole('dialog').getByText('Yuki Tanaka').first().waitFor();
    await checkScreen(page, 'everyone');
    await close(page);
    await button(page, words.room.options).click();
    await page.getByRole('menuitem', { name: words.room.end }).click();
    await page.getByRole('dialog').getByRole('button', { name: words.room.endAction }).waitFor();
    await checkScreen(page, 'room-end');
    await page.getByRole('dialog').getByRole('button', { name: words.room.endAction }).click();
    await page.getByText(words.room.out.ended).first().waitFor();
    await checkScreen(page, 'room-ended');
  });

  it('without a network', async () => {
    await page.goto('/');
    await page.getByRole('button', { name: title }).waitFor();
    await visitor.context.setOffline(true);
    await page.getByText(words.offline.banner).first().waitFor();
    await checkScreen(page, 'offline');
    await visitor.context.setOffline(false);
    await page.getByText(words.offline.banner).first().waitFor({ state: 'detached' });
  });

  it('met no errors, and broke no policy, on the way', () => {
    // The browser's own word on what is not there, which was asked for on purpose.
    const absent = /status of 404 .*\/v1\/(conversations|people)\//;
    expect(visitor.problems.filter(problem => !absent.test(problem))).toEqual([]);
  });
});
