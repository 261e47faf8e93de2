import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drafts } from './drafts.ts';
import { endShare, give, hasEnded, readWaiting, sentTo, takeFiles, ungive } from './given.ts';
import { keepShared, type Shared } from './shared.ts';
import { playedCaches } from './testing-caches.ts';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('caches', playedCaches());
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

const picture = new File(['x'], 'a.png', { type: 'image/png' });
let came = Date.now();

async function share(text: string): Promise<Shared> {
  const form = new FormData();
  form.append('text', text);
  form.append('files', picture);
  came += 1;
  await keepShared(form, came);
  const shared = await readWaiting();
  if (!shared) throw new Error('nothing waits');
  return shared;
}

test('BC-20 a composer takes its files once, and no other’s', async () => {
  const shared = await share('Look');
  give('one', shared, shared.files);
  expect(takeFiles('another')).toEqual([]);
  expect(takeFiles('one')).toEqual(shared.files);
  expect(takeFiles('one')).toEqual([]);
});

test.each([
  ['', 'Look\nhere', ''],
  ['Ann, ', 'Ann, \nLook\nhere', 'Ann, '],
])(
  'BC-20 given to the wrong person, whose draft was %j, it waits on, and its text is taken out again',
  async (before, during, after) => {
    drafts.set('one', before);
    const shared = await share('Look\nhere');
    give('one', shared, shared.files);
    expect(drafts.get('one')).toBe(during);
    const again = await readWaiting();
    expect(again).toMatchObject({ at: shared.at, text: shared.text });
    expect(again?.files).toHaveLength(1);
    ungive(shared);
    expect([drafts.get('one'), takeFiles('one')]).toEqual([after, []]);
    // Once: what one writes there later is one's own.
    drafts.set('one', 'Look\nhere');
    ungive(shared);
    expect(drafts.get('one')).toBe('Look\nhere');
  },
);

test('BC-20 text that was changed in the draft stays there, and so does that of an earlier share', async () => {
  const first = await share('Look');
  give('one', first, []);
  drafts.set('one', 'Look at that');
  ungive(first);
  expect(drafts.get('one')).toBe('Look at that');
  drafts.set('one', '');
  give('one', first, []);
  const second = await share('Look');
  ungive(second);
  expect(drafts.get('one')).toBe('Look');
});

test('BC-20 a share waits until a message went out where it was given, or nobody is to have it', async () => {
  const shared = await share('Look');
  await sentTo('one');
  give('one', shared, []);
  await sentTo('another');
  expect(await readWaiting()).not.toBeNull();
  await sentTo('one');
  expect([await readWaiting(), hasEnded()]).toEqual([null, true]);
  const next = await share('There');
  give('one', next, []);
  const last = await share('Elsewhere');
  await sentTo('one');
  expect((await readWaiting())?.text).toBe('Elsewhere');
  const ending = endShare(last);
  expect(await readWaiting()).toBeNull();
  await ending;
  expect(await readWaiting()).toBeNull();
});
