import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onShare } from '../sw/share.ts';
import { clearShared, keepShared, readShared, sweepShared } from './shared.ts';
import { playedCaches } from './testing-caches.ts';

let caches = playedCaches();
beforeEach(() => {
  caches = playedCaches();
  vi.stubGlobal('caches', caches);
});
afterEach(() => vi.unstubAllGlobals());

const file = (name: string, type: string, size = 3) => new File(['x'.repeat(size)], name, { type });

function formOf(texts: Record<string, string>, files: readonly File[] = []): FormData {
  const form = new FormData();
  for (const [name, text] of Object.entries(texts)) form.append(name, text);
  for (const each of files) form.append('files', each);
  return form;
}

test('BC-20 what is shared is there when the page looks for it, and until it was given to somebody', async () => {
  const files = [file('a.png', 'image/png'), file('b.m4a', 'audio/x-m4a')];
  await keepShared(formOf({ text: 'Look\r\nhere' }, files));
  for (let at = 0; at < 2; at++) {
    const shared = await readShared();
    expect(shared?.text).toBe('Look\nhere');
    expect(shared?.files.map(({ name, type, size }) => [name, type, size])).toEqual([
      ['a.png', 'image/png', 3],
      ['b.m4a', 'audio/x-m4a', 3],
    ]);
    expect(await shared?.files[0]?.text()).toBe('xxx');
  }
  await clearShared();
  expect([await readShared(), caches.count()]).toEqual([null, 0]);
});

test.each([
  [{ title: 'A page', text: 'https://a.example', url: '' }, 'A page\nhttps://a.example'],
  [
    { title: 'A page', text: 'Look: A page https://a.example/x', url: 'https://a.example/x' },
    'Look: A page https://a.example/x',
  ],
  [{ title: 'same', text: 'same', url: 'same' }, 'same'],
  [{ url: 'https://a.example' }, 'https://a.example'],
  [{ text: `${'字'.repeat(19_999)}😀` }, `${'字'.repeat(19_999)}\ufffd`],
])('BC-20 of title, text and address each is said once: %j', async (texts, text) => {
  await keepShared(formOf(texts));
  expect((await readShared())?.text).toBe(text);
});

test('BC-20 no more is kept than a message takes; of the rest it is known what it was', async () => {
  const pictures = Array.from({ length: 30 }, (_, at) => file(`${at}.png`, 'image/png'));
  const large = file('large.png', 'image/png', 20 * 1024 * 1024 + 1);
  const others = [
    file('a.pdf', 'application/pdf'),
    file('', 'image/png', 0),
    large,
    file('b.png', 'image/png', 0),
  ];
  await keepShared(formOf({}, [...others, ...pictures]));
  const shared = await readShared();
  expect(shared?.files.map(({ name }) => name)).toEqual(pictures.slice(0, 10).map(({ name }) => name));
  expect(shared?.left.map(({ name, size }) => [name, size])).toEqual([
    ['a.pdf', 3],
    ['large.png', large.size],
    ['b.png', 0],
    ...pictures.slice(10, 17).map(({ name }) => [name, 3]),
  ]);
  // The files, and what they are.
  expect(caches.count()).toBe(11);
});

test('BC-20 of all files together 200 MB are kept; those beyond are known by their weight, smaller ones still come', async () => {
  /** Said to be as large, so that the test is not. */
  const video = (name: string, mb: number) =>
    Object.defineProperty(file(name, 'video/mp4'), 'size', { value: mb * 1024 * 1024 });
  const form = formOf({}, [video('a', 100), video('b', 90), video('c', 11), video('d', 10), video('e', 1)]);
  await keepShared(form);
  const shared = await readShared();
  expect(shared?.files.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
  expect(shared?.left.map(({ name, heavy }) => [name, heavy])).toEqual([
    ['c', true],
    ['e', true],
  ]);
});

test('BC-20 a later share takes the place of an earlier one, nothing is nothing, and after a day it is gone', async () => {
  await keepShared(formOf({ text: 'one' }, [file('a.png', 'image/png')]));
  await keepShared(formOf({ text: 'two' }));
  expect(await readShared()).toMatchObject({ text: 'two', files: [], left: [] });
  const now = Date.now();
  expect(await readShared(now + 25 * 3_600_000)).toBeNull();
  expect(caches.count()).toBe(0);
  await keepShared(formOf({ title: ' ', text: '' }, [new File([], '')]));
  expect(await readShared()).toBeNull();
});

test('BC-20 the worker leads to where one chooses, or says that it could not be kept', async () => {
  const request = { formData: async () => formOf({ text: 'hello' }) };
  const answer = await onShare(request, 'https://sotto.test');
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://sotto.test/share']);
});

test.each([0, 1, 2])(
  'BC-20 a device with room for %i of its things keeps nothing of it, and that is said',
  async room => {
    caches = playedCaches({ room });
    vi.stubGlobal('caches', caches);
    const files = [file('a.png', 'image/png'), file('b.png', 'image/png')];
    const request = { formData: async () => formOf({ text: 'hello' }, files) };
    const refused = await onShare(request, 'https://sotto.test');
    expect([refused.status, refused.headers.get('location')]).toEqual([303, 'https://sotto.test/share?lost']);
    expect(await readShared()).toBeNull();
    expect(caches.count()).toBe(0);
  },
);

test('BC-20 what nobody looks for is swept away after a day, and so is what was left halfway', async () => {
  const now = Date.now();
  const [soon, late] = [now + 23 * 3_600_000, now + 25 * 3_600_000];
  await keepShared(formOf({ text: 'one' }, [file('a.png', 'image/png')]), now);
  await sweepShared(soon);
  expect(caches.count()).toBe(2);
  await sweepShared(late);
  expect(caches.count()).toBe(0);
  // The worker is ended while it keeps a file.
  const arrived = Promise.withResolvers<void>();
  caches = playedCaches();
  const { open } = caches;
  vi.stubGlobal('caches', {
    ...caches,
    open: async (name: string) => {
      const cache = await open(name);
      const put = async (key: string, response: Response) => {
        await cache.put(key, response);
        if (key.includes('files')) {
          arrived.resolve();
          await new Promise(() => {});
        }
      };
      return { ...cache, put };
    },
  });
  void keepShared(formOf({}, [file('a.png', 'image/png'), file('b.png', 'image/png')]), now);
  await arrived.promise;
  expect(await readShared(soon)).toBeNull();
  expect(caches.count()).toBe(2);
  await sweepShared(late);
  expect(caches.count()).toBe(0);
});

test('BC-20 a device that keeps nothing has nothing', async () => {
  vi.unstubAllGlobals();
  expect('caches' in globalThis).toBe(false);
  expect(await readShared()).toBeNull();
  await clearShared();
});
