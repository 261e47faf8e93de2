import { en as words } from '@sotto/web/words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, phone, sitDown } from '../browser/person.ts';
import { actOn, button, faceOf, joinRoom, leave, mute, openRoom, unmute } from '../browser/room.ts';
import { sendAnyway } from '../browser/rtc.ts';
import { expectHeard, expectQuiet, expectUnheard } from './listening.ts';

const title = 'Do we still need the office?';

/** Imani moderates, at a laptop; Noor comes with a phone; Sven only listens. */
let house: House;
let imani: AtBrowser;
let noor: AtBrowser;
let sven: AtBrowser;

beforeAll(async () => {
  house = await startHouse();
  const { network } = house;
  const [a, b] = await Promise.all([house.browser('voice-a.wav'), house.browser('voice-b.wav')]);
  imani = await sitDown(a, network, 'Imani Okafor', { viewport: laptop });
  noor = await sitDown(b, network, 'Noor Haddad', { viewport: phone });
  sven = await sitDown(b, network, 'Sven Berg', { viewport: phone, colorScheme: 'dark' });
});
afterAll(() => house?.stop());

it('RO-1 AU-1 who opens a room and unmutes is heard by who joins from the hallway', async () => {
  await openRoom(imani.page, title);
  await unmute(imani.page);
  await button(imani.page, words.room.mute).waitFor();
  await joinRoom(noor.page, title);
  await expectHeard(noor.page);
});

it('AU-2 a speaker never hears herself', async () => {
  await expectUnheard(imani.page, imani.page);
});

it('AU-4 muting herself, she is not heard; unmuted, she is again', async () => {
  await mute(imani.page);
  await expectQuiet(noor.page);
  await unmute(imani.page);
  await expectHeard(noor.page);
});

it('AU-4 a listener who sends audio anyway is not heard', async () => {
  expect(await sendAnyway(noor.page)).toBe(true);
  await expectUnheard(imani.page, noor.page);
});

it('RO-3 an invitation is accepted, and arrives muted; then she is heard', async () => {
  await actOn(imani.page, noor.person.name, words.room.inviteLong);
  await button(noor.page, words.room.accept).click();
  await button(noor.page, words.room.unmute).waitFor();
  await expectQuiet(imani.page);
  await unmute(noor.page);
  await expectHeard(imani.page);
});

it('RO-2 AU-4 muted by a moderator, she is not heard, whatever her client sends', async () => {
  await actOn(imani.page, noor.person.name, words.room.mutePerson);
  await button(noor.page, words.room.unmute).waitFor();
  await expectQuiet(imani.page);
  await sendAnyway(noor.page);
  await expectUnheard(imani.page, noor.page);
  await unmute(noor.page);
  await expectHeard(imani.page);
});

it('RO-2 moved down, she is not heard', async () => {
  await actOn(imani.page, noor.person.name, words.room.moveDown);
  await button(noor.page, words.room.raise).waitFor();
  await expectQuiet(imani.page);
  await sendAnyway(noor.page);
  await expectUnheard(imani.page, noor.page);
  await expectHeard(noor.page);
});

it('RO-2 removed, she is neither heard nor hears, and the door stays closed to her', async () => {
  await joinRoom(sven.page, title);
  await expectHeard(sven.page);
  await actOn(imani.page, noor.person.name, words.room.inviteLong);
  await button(noor.page, words.room.accept).click();
  await unmute(noor.page);
  await expectHeard(imani.page);
  await actOn(imani.page, noor.person.name, words.room.remove);
  await button(imani.page, words.room.removeAction).click();
  await noor.page.getByRole('heading', { name: words.room.outTitle.removed }).first().waitFor();
  await expectQuiet(imani.page);
  await expectQuiet(noor.page);
  await faceOf(imani.page, noor.person.name).waitFor({ state: 'detached' });
  await noor.page.reload();
  await noor.page.getByText(words.errors.kept_out as string).waitFor();
});

it('RO-1 having left, she is not heard, and the room says so', async () => {
  await leave(imani.page);
  await expectQuiet(sven.page);
  await faceOf(sven.page, imani.person.name).waitFor({ state: 'detached' });
});

it('met no errors on the way', () => {
  // The browser's own word on the door that stays closed.
  const door = /status of 403 .*\/v1\/rooms\//;
  const problems = [...imani.problems, ...noor.problems, ...sven.problems];
  expect(problems.filter(problem => !door.test(problem))).toEqual([]);
  expect(house.network.log.filter(line => line.level >= 50)).toEqual([]);
});
