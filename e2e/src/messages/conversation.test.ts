import { readFileSync } from 'node:fs';
import { acquaint, type Link, linkTo } from '@sotto/testkit';
import { en as words } from '@sotto/web/words';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';
import { type AtBrowser, laptop, openPage, phone, signInByCookie, sitDown } from '../browser/person.ts';
import { message, texts, write } from '../browser/thread.ts';
import { soon } from '../soon.ts';

/** Imani at a laptop with a microphone, Noor with a phone; each has the other's conversation open. */
let house: House;
let imani: AtBrowser;
let noor: AtBrowser;
let link: Link;
let conversation: string;

const say = words.conversation;
const log = (page: Page) => page.getByRole('log', { name: say.log });

beforeAll(async () => {
  house = await startHouse();
  const [node] = house.network.nodes;
  if (!node) throw new Error('the network has no node');
  link = await linkTo(node);
  imani = await sitDown(await house.browser('voice-a.wav'), house.network, 'Imani Okafor', {
    viewport: laptop,
    link,
  });
  noor = await sitDown(await house.browser(), house.network, 'Noor Haddad', { viewport: phone });
  await acquaint(imani.person, noor.person);
  const opened = await imani.person.call('PUT /v1/conversations/direct/:account', {
    params: { account: noor.person.id },
  });
  conversation = opened.id;
  await tell(imani, 'Shall we open the room at eight?');
  await Promise.all([imani, noor].map(({ page }) => page.goto(`/backchannel/${conversation}`)));
});
afterAll(async () => {
  await house?.stop();
  await link?.close();
});

let told = 0;
/** Writes as another device of theirs would. */
function tell({ person }: AtBrowser, text: string) {
  told += 1;
  const clientId = `01900000-0000-7000-8000-${String(told).padStart(12, '0')}`;
  return person.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation },
    body: { clientId, text },
  });
}

/** A picture as a camera would make it: noise, so that it is as large as its pixels. */
async function drawn(page: Page, width: number, height: number): Promise<Buffer> {
  const url = await page.evaluate(
    ([w, h]) => {
      const canvas = document.createElement('canvas');
      canvas.width = w as number;
      canvas.height = h as number;
      const paper = canvas.getContext('2d') as CanvasRenderingContext2D;
      const pixels = paper.createImageData(canvas.width, canvas.height);
      for (let at = 0; at < pixels.data.length; at++)
        pixels.data[at] = at % 4 === 3 ? 255 : (at * 2654435761) >>> 24;
      paper.putImageData(pixels, 0, 0);
      return canvas.toDataURL('image/png');
    },
    [width, height],
  );
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

const attach = (page: Page, name: string, buffer: Buffer) =>
  page.locator('input[type=file][multiple]').setInputFiles({ name, mimeType: 'image/png', buffer });

async function menuOf(page: Page, text: string): Promise<void> {
  await message(page, text).last().focus();
  await page.keyboard.press('Enter');
}

it('BC-8 one answers a message by keys, the other sees what it answers, and a tap goes there', async () => {
  await menuOf(noor.page, 'at eight?');
  await noor.page.getByRole('menuitem', { name: say.reply }).click();
  await noor.page.getByText(say.replyingTo('Imani Okafor')).waitFor();
  await write(noor.page, 'Imani Okafor', 'Eight is fine.');
  const answer = message(imani.page, 'Eight is fine.');
  const quote = answer.getByRole('button', { name: say.quoteOfYou });
  expect(await quote.textContent()).toContain('Shall we open the room at eight?');
  await quote.click();
  await soon(
    () =>
      imani.page
        .locator('article[data-flash]')
        .textContent()
        .then(text => text?.includes('at eight?')),
    true,
  );
});

it('BC-8 what came meanwhile stands below a line, also in a thread that was open before', async () => {
  const { page } = noor;
  const row = page.getByRole('link', { name: /Imani Okafor/ });
  const line = log(page).getByText(say.unreadLine, { exact: true });
  await page.goto('/backchannel');
  await row.click();
  await message(page, 'at eight?').first().waitFor();
  await page.getByRole('button', { name: words.back }).click();
  const { seq } = await tell(imani, 'Or at nine');
  await row.getByText('Or at nine').waitFor();
  await row.click();
  await line.waitFor();
  // Whoever leaves sooner has not read it.
  await soon(async () => (await rowOf(noor)).readSeq, seq);
  await page.getByRole('button', { name: words.back }).click();
  await row.waitFor();
  await soon(() => row.getByText(words.inbox.unread(1)).count(), 0);
  await row.click();
  await message(page, 'Or at nine').waitFor();
  expect(await line.count()).toBe(0);
});

it('BC-8 a reaction is seen by the other, joined, and taken back', async () => {
  await menuOf(noor.page, 'Shall we open');
  await noor.page.getByRole('menuitemcheckbox', { name: say.reactWith('❤️') }).click();
  const first = message(imani.page, 'Shall we open');
  await first.getByRole('button', { name: say.reacted('❤️', 1, false) }).click();
  await message(noor.page, 'Shall we open')
    .getByRole('button', { name: say.reacted('❤️', 2, true) })
    .click();
  await first.getByRole('button', { name: say.reacted('❤️', 1, true) }).waitFor();
});

it('BC-5 a long message is shown cut and opens in place: nothing above it moves, copying and jumping take all of it', async () => {
  const { page } = noor;
  // More than fills the screen.
  for (let at = 0; at < 12; at++) await tell(imani, `and line ${at}`);
  const long = `${'A very long evening, told street by street. '.repeat(80)}The end`;
  const { seq } = await tell(imani, long);
  const told = message(page, 'street by street');
  const more = told.getByRole('button', { name: say.readMore });
  await more.waitFor();
  expect(await told.locator('p').textContent()).not.toContain('The end');
  expect(await more.evaluate(openIt)).toBeLessThan(1);
  expect(await told.locator('p').textContent()).toBe(long);
  expect(await told.evaluate(element => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: say.copy }).click();
  await soon(() => page.evaluate(() => navigator.clipboard.readText()), long);
  // Wherever in it what was searched for stands.
  await page.goto(`/backchannel/${conversation}?at=${seq}`);
  await soon(() => told.locator('p').textContent(), long);
  await page.goto(`/backchannel/${conversation}`);
  await more.waitFor();
  // Found below the cut, it is brought into view and marked.
  await page.getByRole('button', { name: say.menu }).click();
  await page.getByRole('menuitem', { name: words.messageSearch.inside }).click();
  await page.getByRole('dialog').getByRole('searchbox').fill('the END');
  await page.getByRole('dialog').getByRole('link').filter({ hasText: 'The end' }).click();
  await soon(() => page.evaluate(foundInView), ['The', 'end']);
  await page.goto(`/backchannel/${conversation}`);
  await more.waitFor();
});

/** In the page: what is marked as found, and in view. */
function foundInView(): string[] {
  const view = document.querySelector('[role=log]')?.parentElement?.parentElement?.getBoundingClientRect();
  const marked = [...(CSS.highlights.get('found') ?? [])].filter(each => each instanceof Range);
  return marked
    .filter(each => {
      const { top, bottom } = each.getBoundingClientRect();
      return view && top >= view.top && bottom <= view.bottom;
    })
    .map(String);
}

/** In the page: presses the button when all has come to rest. How far its message moved by that, in pixels. */
async function openIt(button: Element): Promise<number> {
  const article = button.closest('article') as HTMLElement;
  const frames = async (count: number) => {
    for (let at = 0; at < count; at++) await new Promise(resolve => requestAnimationFrame(resolve));
  };
  await frames(20);
  const before = article.getBoundingClientRect().top;
  (button as HTMLElement).click();
  await frames(20);
  return Math.abs(article.getBoundingClientRect().top - before);
}

it('BC-20 a picture has its place and its blurred preview before it comes, and opens over the whole screen', async () => {
  await attach(imani.page, 'kitchen.png', await drawn(imani.page, 600, 400));
  const held: (() => void)[] = [];
  let holding = true;
  await noor.page.route(/\/files\//, async route => {
    if (holding) await new Promise<void>(resolve => held.push(resolve));
    await route.continue();
  });
  await write(imani.page, 'Noor Haddad', 'the kitchen');
  const sent = message(noor.page, 'the kitchen');
  const open = sent.getByRole('button', { name: say.viewerOpen(say.image, 1, 1) });
  await open.waitFor();
  await soon(() => sent.locator('img[src^="data:image/webp"]').count(), 1);
  const before = await open.boundingBox();
  expect((before?.width ?? 0) / (before?.height ?? 1)).toBeCloseTo(1.5, 1);
  holding = false;
  for (const release of held) release();
  await soon(() => sent.locator('img[data-shown]').count(), 1);
  expect(await open.boundingBox()).toEqual(before);
  await noor.page.unroute(/\/files\//);
  await open.click();
  const viewer = noor.page.getByRole('dialog', { name: say.viewer });
  await viewer.locator('img[data-shown]').waitFor();
  await noor.page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  expect(await open.evaluate(element => element === document.activeElement)).toBe(true);
});

/** A finger that goes from the middle of the screen. */
async function swipe({ page, context }: AtBrowser, aside: number, down: number): Promise<void> {
  const finger = await context.newCDPSession(page);
  const { width, height } = page.viewportSize() ?? phone;
  const at = (part: number) => ({ x: width / 2 + aside * part, y: height / 2 + down * part });
  for (const part of [0, 0.25, 0.5, 1]) {
    const type = part === 0 ? 'touchStart' : 'touchMove';
    await finger.send('Input.dispatchTouchEvent', { type, touchPoints: [at(part)] });
  }
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await finger.detach();
}

it('BC-20 of two pictures one turns to the next by keys and by swipes, taps twice to see it near, and swipes down to close', async () => {
  const buffer = await drawn(imani.page, 60, 40);
  const files = ['door.png', 'hall.png'].map(name => ({ name, mimeType: 'image/png', buffer }));
  await imani.page.locator('input[type=file][multiple]').setInputFiles(files);
  await write(imani.page, 'Noor Haddad', 'two of them');
  const { page } = noor;
  const open = message(page, 'two of them').getByRole('button', { name: say.viewerOpen(say.image, 1, 2) });
  await open.click();
  const viewer = page.getByRole('dialog', { name: say.viewer });
  const pictureIs = async (number: number) => {
    await viewer.getByText(`${number} / 2`, { exact: true }).waitFor();
    await viewer.getByRole('img', { name: say.viewerOpen(say.image, number, 2) }).waitFor();
  };
  await pictureIs(1);
  await page.keyboard.press('ArrowRight');
  await pictureIs(2);
  await swipe(noor, 150, 0);
  await pictureIs(1);
  await swipe(noor, -150, 0);
  await pictureIs(2);
  const near = viewer.locator('[data-zoomed]');
  const { width, height } = page.viewportSize() ?? phone;
  // Where all is slow the two taps may come too far apart.
  const tapUntil = (count: number) =>
    soon(async () => {
      if ((await near.count()) === count) return count;
      for (let tap = 0; tap < 2; tap++) await page.touchscreen.tap(width / 2, height / 2);
      return near.count();
    }, count);
  await tapUntil(1);
  // Near, a swipe moves the picture.
  await swipe(noor, 0, 150);
  expect([await viewer.count(), await near.count()]).toEqual([1, 1]);
  await tapUntil(0);
  await swipe(noor, 0, 150);
  await viewer.waitFor({ state: 'detached' });
  expect(await open.evaluate(element => element === document.activeElement)).toBe(true);
});

it('BC-20 what cannot be sent is refused before it is uploaded, in words', async () => {
  const input = imani.page.locator('input[type=file][multiple]');
  await input.setInputFiles({
    name: 'drawing.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg/>'),
  });
  await imani.page.getByText(say.fileSvg('drawing.svg')).last().waitFor();
  expect(await imani.page.getByRole('list', { name: say.attach }).count()).toBe(0);
});

it('BC-8 a search that had no network goes through by itself once there is one', async () => {
  const { page, context } = noor;
  await page.getByRole('button', { name: say.menu }).click();
  await page.getByRole('menuitem', { name: words.messageSearch.inside }).click();
  const sheet = page.getByRole('dialog');
  const field = sheet.getByRole('searchbox');
  await field.waitFor();
  await context.setOffline(true);
  await field.fill('kitchen');
  await sheet.getByText(words.messageSearch.errorTitle).waitFor();
  await context.setOffline(false);
  await sheet.getByRole('link').filter({ hasText: 'the kitchen' }).waitFor();
  await sheet.getByRole('button', { name: words.close, exact: true }).click();
  await sheet.waitFor({ state: 'detached' });
});

it('BC-21 a voice note is recorded, listened to, sent, and played by the other', async () => {
  await imani.page.getByRole('button', { name: say.record }).click();
  const stop = imani.page.getByRole('button', { name: say.recordStop });
  await soon(async () => (await imani.page.getByRole('timer').textContent()) !== '0:00', true, 15_000);
  await stop.click();
  await imani.page.getByRole('button', { name: say.recordSend }).click();
  const note = log(noor.page).locator('article').last();
  await note.getByRole('button', { name: say.play, exact: true }).click({ timeout: 30_000 });
  const position = note.getByRole('slider', { name: say.position });
  await soon(async () => Number(await position.inputValue()) > 0, true, 15_000);
  const path = await note.locator('svg path').first().getAttribute('d');
  expect(new Set(path?.match(/v[\d.]+/g)).size).toBeGreaterThan(3);
});

/** A file as it goes into the page. */
interface Carried {
  name: string;
  type: string;
  base64: string;
}

/** In the page: a file is let go over the conversation, or pasted into what one writes. Whether the app took it. */
function give([how, { name, type, base64 }]: ['drop' | 'paste', Carried]): boolean {
  const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  const over = { bubbles: true, cancelable: true };
  const event =
    how === 'drop'
      ? new DragEvent('drop', { ...over, dataTransfer: carried })
      : new ClipboardEvent('paste', { ...over, clipboardData: carried });
  return document.querySelector('textarea')?.dispatchEvent(event) === false;
}

it('BC-20 BC-21 files are dragged and pasted: a picture stands with one’s words, a recording goes as a voice note', async () => {
  const { page } = imani;
  const picture = (await drawn(page, 40, 30)).toString('base64');
  const pasted: Carried = { name: 'pasted.png', type: 'image/png', base64: picture };
  const sound = readFileSync(new URL('../../fixtures/recording.m4a', import.meta.url)).toString('base64');
  const dropped: Carried = { name: 'recording.m4a', type: 'audio/x-m4a', base64: sound };
  expect(await page.evaluate<boolean, ['paste', Carried]>(give, ['paste', pasted])).toBe(true);
  expect(await page.evaluate<boolean, ['drop', Carried]>(give, ['drop', dropped])).toBe(true);
  const strip = page.getByRole('list', { name: say.attach });
  for (const { name } of [pasted, dropped])
    await strip.getByRole('button', { name: say.remove(name) }).waitFor();
  await write(page, 'Noor Haddad', 'from the desk');
  const came = message(noor.page, 'from the desk');
  await came.getByRole('button', { name: say.viewerOpen(say.image, 1, 1) }).waitFor({ timeout: 30_000 });
  // How loud it is was measured: silence is flat.
  await soon(async () => (await came.locator('path[d*="v30.0"]').count()) > 0, true);
});

it('BC-20 a phone offers its camera', async () => {
  const { page } = noor;
  const choose = async (what: string) => {
    await page.getByRole('button', { name: say.attach, exact: true }).click();
    const item = page.getByRole('menuitem', { name: what });
    await item.waitFor();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), item.click()]);
    const input = chooser.element();
    return { chooser, takes: [await input.getAttribute('accept'), await input.getAttribute('capture')] };
  };
  expect((await choose(say.attachVideo)).takes).toEqual(['video/*', 'environment']);
  const { chooser, takes } = await choose(say.attachCamera);
  expect(takes).toEqual(['image/*', 'environment']);
  await chooser.setFiles({ name: 'now.png', mimeType: 'image/png', buffer: await drawn(page, 30, 40) });
  const strip = page.getByRole('list', { name: say.attach });
  await strip.getByRole('button', { name: say.remove('now.png') }).click();
  await strip.waitFor({ state: 'detached' });
});

it('BC-21 BC-30 an upload that the network cuts goes on after a reload, and the message goes once', async () => {
  await imani.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await attach(imani.page, 'large.png', await drawn(imani.page, 1400, 1400));
  let bytes = 0;
  await imani.page.route(/\/v1\/uploads\/[^/]+\/bytes/, async route => {
    bytes += 1;
    // The first chunk arrives; then the line is cut.
    if (bytes === 1) return route.continue();
    link.tcp.cut('reset');
    await route.abort('connectionreset');
  });
  await write(imani.page, 'Noor Haddad', 'the large one');
  await soon(() => bytes > 1, true, 20_000);
  await imani.page.unroute(/\/v1\/uploads\/[^/]+\/bytes/);
  link.tcp.mend();
  await imani.page.reload();
  await message(noor.page, 'the large one')
    .getByRole('button', { name: say.viewerOpen(say.image, 1, 1) })
    .waitFor({ timeout: 40_000 });
  await soon(async () => (await texts(noor.page)).filter(text => text === 'the large one').length, 1);
  await soon(() => message(imani.page, 'the large one').getAttribute('data-delivery'), 'sent', 20_000);
});

/** What the thread shows: the places of its messages, which of them are in view, and where the line above what is new is. */
const look = (page: Page) =>
  page.evaluate(() => {
    const box = document.querySelector('[role=log]')?.parentElement?.parentElement;
    if (!box) return null;
    const view = box.getBoundingClientRect();
    const line = box.querySelector('[data-key=unread]');
    const all = [...box.querySelectorAll<HTMLElement>('article')];
    const inView = (element: Element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return bottom > view.top && top < view.bottom - 8;
    };
    const below = all.find(each => line && line.compareDocumentPosition(each) === 4);
    return {
      atEnd: box.scrollHeight - box.clientHeight - box.scrollTop < 2,
      lineInView: line !== null && inView(line),
      /** The first message below the line; null: there is no line. */
      unread: below ? Number(below.dataset.seq) : null,
      /** The last message that is in view. */
      lowest: Number(all.findLast(inView)?.dataset.seq ?? 0),
    };
  });

/** It stands at its end, and nothing is new. */
const atItsEnd = (page: Page, seq: number) =>
  soon(() => look(page), { atEnd: true, lineInView: false, unread: null, lowest: seq }, 40_000);

const rowOf = ({ person }: AtBrowser) =>
  person.call('GET /v1/conversations/:conversation', { params: { conversation } });

/** Reads all of it on another device. */
async function readElsewhere(who: AtBrowser): Promise<number> {
  const { head } = await rowOf(who);
  await who.person.call('PUT /v1/conversations/:conversation/read', {
    params: { conversation },
    body: { seq: head },
  });
  return head;
}

it('BC-8 reading back, nothing jumps while pages come in and are drawn; a date is a step away', {
  timeout: 180_000,
}, async () => {
  for (let at = 0; at < 240; at += 20)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        tell(index % 2 ? imani : noor, `line ${at + index} ${'word '.repeat((at + index) % 40)}`),
      ),
    );
  const head = await readElsewhere(noor);
  // A device that has nothing of it: another would fetch what it lacks forwards from what it has.
  const { page, context } = await openPage(await house.browser(), house.network, { viewport: phone });
  await signInByCookie(context, house.network, noor.person.address);
  await page.goto(`/backchannel/${conversation}`);
  await atItsEnd(page, head);
  // The thread is there before its letters are, and other letters break a line elsewhere: that is no page coming in.
  await page.evaluate(async () => void (await document.fonts.ready));
  let pages = 0;
  const count = (request: Request) => {
    if (/\/log\?(?:.*&)?before=/.test(request.url())) pages += 1;
  };
  page.on('request', count);
  const read = await page.evaluate(readBack, say.beginning('Imani Okafor'));
  page.off('request', count);
  expect(read.worst).toBeLessThanOrEqual(1);
  expect(read.articles).toBeLessThan(150);
  expect(read.atBeginning).toBe(true);
  expect(pages).toBeGreaterThan(1);
  await page.goto(`/backchannel/${conversation}`);
  await atItsEnd(page, head);
  await page.getByRole('button', { name: say.menu }).click();
  await page.getByRole('menuitem', { name: say.toDate }).click();
  await page.getByRole('button', { name: say.go, exact: true }).click();
  await soon(() => message(page, 'Shall we open the room at eight?').first().isVisible(), true);
  await context.close();
});

/**
 * In the page: scrolls back in steps to where `beginning` stands, and after each lets things settle. How far what was in
 * view moved by itself, in pixels, and how many messages were on the page at most.
 */
async function readBack(
  beginning: string,
): Promise<{ worst: number; articles: number; atBeginning: boolean }> {
  const box = document.querySelector('[role=log]')?.parentElement?.parentElement as HTMLElement;
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const topOf = (element: Element) => element.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const atBeginning = () => box.scrollTop === 0 && (box.textContent ?? '').includes(beginning);
  const until = performance.now() + 120_000;
  let worst = 0;
  let articles = 0;
  while (!atBeginning() && performance.now() < until) {
    box.scrollTop -= 300;
    await frame();
    const watched = [...box.querySelectorAll('article')].find(each => topOf(each) > 40);
    if (!watched) continue;
    const before = topOf(watched);
    // At the top of what is loaded, the next page is waited for.
    for (
      let wait = 0;
      wait < 6 || (box.scrollTop === 0 && !atBeginning() && performance.now() < until);
      wait++
    ) {
      await frame();
      if (watched.isConnected) worst = Math.max(worst, Math.abs(topOf(watched) - before));
    }
    articles = Math.max(articles, box.querySelectorAll('article').length);
  }
  return { worst, articles, atBeginning: atBeginning() };
}

it('BC-8 a thread opens where one stopped reading, and only what comes into view is read', async () => {
  const { page } = noor;
  const readSeq = await readElsewhere(noor);
  await page.goto('/backchannel');
  for (let at = 0; at < 70; at += 10)
    await Promise.all(Array.from({ length: 10 }, (_, index) => tell(imani, `new ${at + index}`)));
  const row = page.getByRole('link', { name: /Imani Okafor/ });
  await row.getByText(words.inbox.unread(70)).waitFor();
  await row.click();
  const first = await stoodAt(readSeq + 1);
  expect(first).toBeLessThan(readSeq + 70);
  // Opened afresh, it goes on below what was in view.
  await page.reload();
  const second = await stoodAt(first + 1);
  expect(second).toBeLessThan(readSeq + 70);
  // Read elsewhere meanwhile: whatever this device has kept, nothing is new.
  await page.goto('about:blank');
  const head = await readElsewhere(noor);
  await page.goto(`/backchannel/${conversation}`);
  await atItsEnd(page, head);
  expect((await rowOf(noor)).readSeq).toBe(head);
});

/** The line stands in Noor's view above this message, and just what is in view is read. @returns how far that is */
async function stoodAt(seq: number): Promise<number> {
  const { page } = noor;
  await soon(async () => {
    const now = await look(page);
    return now && [now.unread, now.lineInView];
  }, [seq, true]);
  await soon(async () => (await rowOf(noor)).readSeq > seq, true);
  const read = (await look(page))?.lowest ?? 0;
  await soon(async () => (await rowOf(noor)).readSeq, read);
  return read;
}

it('met no errors on the way', () => {
  const cut = /net::ERR_(CONNECTION_RESET|FAILED|INTERNET_DISCONNECTED)/;
  const problems = [...imani.problems, ...noor.problems];
  expect(problems.filter(problem => !cut.test(problem))).toEqual([]);
  expect(house.network.log.filter(line => line.level >= 50)).toEqual([]);
});
