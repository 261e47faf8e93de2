import { newId } from '@sotto/sdk';
import { acquaint, type NetworkPerson } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, phone, sitDown } from '../browser/person.ts';
import { button, joinRoom, openRoom } from '../browser/room.ts';
import { message, texts } from '../browser/thread.ts';
import { checkScreen } from '../screens/check.ts';
import { soon } from '../soon.ts';

/** Mo speaks, at a laptop; Ann listens, on a phone; Bo listens too, and writes now and then. */
const laptop = { width: 1280, height: 800 };
const TITLE = 'Night market stories';
let house: House;
let mo: AtBrowser;
let ann: AtBrowser;
let bo: NetworkPerson;
let room: string;

beforeAll(async () => {
  house = await startHouse();
  const browser = await house.browser();
  mo = await sitDown(browser, house.network, 'Mo Lindqvist', { viewport: laptop });
  ann = await sitDown(browser, house.network, 'Ann Castellanos', { viewport: phone });
  bo = await house.network.person('Bo Nakamura');
  await acquaint(ann.person, bo);
  await openRoom(mo.page, TITLE);
  room = new URL(mo.page.url()).pathname.split('/').at(-1) ?? '';
  await joinRoom(ann.page, TITLE);
  await bo.sotto.rooms.enter(room);
});
afterAll(() => house?.stop());

const panel = (page: Page): Locator => page.getByRole('region', { name: words.talk.title });
const airplane = (page: Page): Locator =>
  page.getByRole('button', { name: new RegExp(`^${words.talk.open}`) });
const tab = (page: Page, name: string): Locator =>
  panel(page).getByRole('tab', { name: new RegExp(`^${name}`) });
const tabs = async (page: Page): Promise<string[]> =>
  (await panel(page).getByRole('tab').allTextContents()).map(text =>
    text.replace(words.conversation.unreadLine, ''),
  );
const box = (page: Page): Locator => panel(page).getByRole('textbox');

/** What people wrote, without the lines between. */
const written = async (page: Page): Promise<string[]> => (await texts(page)).filter(text => text !== '');

async function write(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await panel(page).getByRole('button', { name: words.conversation.send, exact: true }).click();
}
/** Looked at, and checked, only where pictures are asked for: axe takes its time. */
const look = async (page: Page, name: string): Promise<void> => {
  if (process.env.SOTTO_SHOTS) await checkScreen(page, name);
};
const params = () => ({ room, account: ann.person.id });

it('BC-3 the airplane opens the talk of everyone in the room, with a dot when something is new', async () => {
  await airplane(mo.page).click();
  await soon(() => tabs(mo.page), [words.talk.everyone, words.talk.stage, words.talk.yours]);
  await write(mo.page, 'Welcome! Who has been to one?');
  await button(ann.page, words.talk.openUnread(0, true)).waitFor();
  await ann.page.getByText('Welcome! Who has been to one?').waitFor();
  await look(ann.page, 'talk-hint');
  await airplane(ann.page).click();
  await soon(() => tabs(ann.page), [words.talk.everyone, words.talk.yours]);
  await soon(() => written(ann.page), ['Welcome! Who has been to one?']);
  await write(ann.page, 'Me! The soup stand at the corner.');
  await soon(() => written(mo.page), ['Welcome! Who has been to one?', 'Me! The soup stand at the corner.']);
  await checkScreen(ann.page, 'talk-everyone');
});

it('BC-3 the stage’s talk comes with the stage and goes with it', async () => {
  const { call } = mo.person;
  await call('PUT /v1/rooms/:room/invitations/:account', { params: params() });
  const covered = ann.page.evaluate(coveredBy, words.inRoom.youCameUp);
  await panel(ann.page).getByRole('button', { name: words.room.accept }).click();
  expect(await covered).toBe(false);
  await tab(ann.page, words.talk.stage).click();
  await panel(ann.page).getByText(words.talk.onlyStage).first().waitFor();
  await tab(mo.page, words.talk.stage).click();
  await write(mo.page, 'You’re next, after Bo');
  await soon(() => written(ann.page), ['You’re next, after Bo']);
  await look(ann.page, 'talk-stage');
  await call('POST /v1/rooms/:room/people/:account/move-down', { params: params() });
  await soon(() => tabs(ann.page), [words.talk.everyone, words.talk.yours]);
  await soon(() => panel(ann.page).getByText('You’re next, after Bo').count(), 0);
  await soon(() => written(ann.page), ['Welcome! Who has been to one?', 'Me! The soup stand at the corner.']);
});

/** In the page: waits for a note to be seen. Whether it lies over the messages or where one writes. */
async function coveredBy(text: string): Promise<boolean> {
  const until = performance.now() + 20_000;
  while (performance.now() < until) {
    const note = [...document.querySelectorAll(':popover-open > div')].find(
      each => each.textContent === text,
    );
    const thread = document.querySelector('[data-thread]')?.getBoundingClientRect();
    if (note && thread) {
      const { top, bottom } = note.getBoundingClientRect();
      return top < thread.bottom && bottom > thread.top;
    }
    await new Promise(resolve => requestAnimationFrame(resolve));
  }
  throw new Error('no note came');
}

it('BC-3 a moderator slows it down; the others see for how long they wait', async () => {
  await tab(mo.page, words.talk.everyone).click();
  await button(mo.page, words.talk.settings).click();
  const sheet = mo.page.getByRole('dialog');
  await sheet.getByRole('radio', { name: words.talk.slowMinute }).click();
  await sheet.getByText(words.talk.slowHint(60)).waitFor();
  await look(mo.page, 'talk-settings');
  await sheet.getByRole('button', { name: words.close }).click();
  // She wrote less than a minute ago, or, on a slow machine, just over.
  await panel(ann.page)
    .getByText(/You can write again in|Slowed down: one message every/)
    .first()
    .waitFor();
  await button(mo.page, words.talk.settings).click();
  await sheet.getByRole('switch', { name: words.talk.on }).click();
  await sheet.getByRole('button', { name: words.close }).click();
  await panel(ann.page).getByText(words.conversation.closedOff).waitFor();
  await look(ann.page, 'talk-off');
  await mo.person.call('PATCH /v1/conversations/:conversation/talk', {
    params: {
      conversation: (await mo.person.call('GET /v1/rooms/:room/talk', { params: { room } })).room.id,
    },
    body: { on: true, slowSeconds: 0 },
  });
  await box(ann.page).waitFor();
});

it('BC-3 a message is pinned on top, and another taken out of view', async () => {
  const talk = (await bo.call('GET /v1/rooms/:room/talk', { params: { room } })).room.id;
  const say = (text: string) =>
    bo.call('POST /v1/conversations/:conversation/messages', {
      params: { conversation: talk },
      body: { clientId: newId(), text },
    });
  await say('Rude things about soup');
  await message(mo.page, 'Rude things about soup').waitFor();
  const choose = async (text: string, action: string) => {
    await message(mo.page, text).hover();
    await message(mo.page, text).getByRole('button', { name: words.conversation.actions }).click();
    await mo.page.getByRole('menuitem', { name: action }).click();
  };
  await choose('Me! The soup stand at the corner.', words.conversation.pin);
  await panel(ann.page).getByText(words.conversation.pinned, { exact: true }).first().waitFor();
  await choose('Rude things about soup', words.conversation.hide);
  await mo.page.getByRole('dialog').getByRole('button', { name: words.conversation.hide }).click();
  await panel(ann.page).getByText(words.conversation.hidden).waitFor();
  expect(await panel(ann.page).getByText('Rude things').count()).toBe(0);
  await look(ann.page, 'talk-hidden');
  await checkScreen(mo.page, 'talk-beside');
});

it('BC-4 one writes to a person without leaving the room', async () => {
  await tab(ann.page, words.talk.yours).click();
  await panel(ann.page).getByRole('button', { name: words.talk.close }).click();
  await ann.page
    .getByRole('button', { name: /^Bo Nakamura/ })
    .first()
    .click();
  await ann.page.getByRole('dialog').getByRole('button', { name: words.profile.write }).click();
  await write(ann.page, 'Save me a seat?');
  await soon(() => written(ann.page), ['Save me a seat?']);
  await look(ann.page, 'talk-one');
  await button(ann.page, new RegExp(words.talk.back)).click();
  await panel(ann.page)
    .getByRole('button', { name: /Bo Nakamura/ })
    .waitFor();
  await look(ann.page, 'talk-yours');
  expect(ann.page.url()).toContain(room);
});

it('BC-5 the room is handed on as a card', async () => {
  await ann.page.keyboard.press('Escape');
  await button(ann.page, words.room.share).click();
  const sheet = ann.page.getByRole('dialog');
  await sheet.getByRole('button', { name: /Bo Nakamura/ }).waitFor();
  await checkScreen(ann.page, 'talk-share');
  await sheet.getByRole('button', { name: /Bo Nakamura/ }).click();
  await sheet.getByText(words.share.sent).waitFor();
  await sheet.getByRole('button', { name: words.close }).click();
  const { id } = await bo.sotto.conversations.openDirect(ann.person.id);
  await soon(
    async () => {
      const { entries } = await bo.call('GET /v1/conversations/:conversation/log', {
        params: { conversation: id },
      });
      const last = entries.at(-1);
      return last?.kind === 'message' ? last.message.card : null;
    },
    { kind: 'room', room },
  );
});

it('BC-3 when the room ends its talk stays, to be read', async () => {
  await mo.person.call('POST /v1/rooms/:room/end', { params: { room } });
  await button(ann.page, words.talk.read).click();
  await ann.page.getByText(words.conversation.closedFrozen).waitFor();
  await message(ann.page, 'Me! The soup stand at the corner.').waitFor();
  await look(ann.page, 'talk-frozen');
  await ann.page.goto(`/rooms/${room}`);
  await button(ann.page, words.talk.read).click();
  await message(ann.page, 'Me! The soup stand at the corner.').waitFor();
});

it('no page met a problem', () => {
  // The browser says so itself of a room that is over.
  const over = new RegExp(`status of 410 .*/v1/rooms/${room}$`);
  const problems = [...mo.problems, ...ann.problems];
  expect(problems.filter(problem => !over.test(problem))).toEqual([]);
});
