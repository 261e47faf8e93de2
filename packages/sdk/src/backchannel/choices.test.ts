import type { PushChoices } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { createChoices } from './choices.ts';

const start: PushChoices = { direct: true, groups: true, mentions: true, quiet: null, hideText: false };

/** A server that keeps choices, and answers each call when it is told to. */
function played() {
  let kept = start;
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const answered = <T>(name: string, work: () => T): Promise<T> => {
    asked.push(name);
    return new Promise((resolve, reject) =>
      answers.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      }),
    );
  };
  const service = createChoices<PushChoices>({
    load: () => answered('load', () => kept),
    change: changes =>
      answered(JSON.stringify(changes), () => {
        if (changes.mentions === false) throw new Error('refused');
        kept = { ...kept, ...changes };
        return kept;
      }),
  });
  return {
    ...service,
    asked,
    shown: service.choices.getSnapshot,
    server: () => kept,
    /** The oldest call that waits is answered. */
    async answer() {
      await expect.poll(() => answers.length).toBeGreaterThan(0);
      answers.shift()?.();
    },
  };
}

async function loaded() {
  const all = played();
  const loading = all.choices.load();
  await all.answer();
  await loading;
  return all;
}

test('BC-31 choices are null until they are loaded, and what is switched shows at once', async () => {
  const all = played();
  expect(all.shown()).toBeNull();
  const loading = all.choices.load();
  await all.answer();
  expect(await loading).toEqual(start);
  const changing = all.choices.change({ groups: false });
  expect(all.shown()).toEqual({ ...start, groups: false });
  expect(all.server()).toEqual(start);
  await all.answer();
  expect(await changing).toEqual({ ...start, groups: false });
  expect(all.shown()).toEqual(all.server());
});

test('BC-31 changes are said one after the other, and an earlier answer does not undo a later switch on the screen', async () => {
  const all = await loaded();
  const changes = [{ direct: false }, { direct: true }, { direct: false, hideText: true }];
  const done = Promise.all(changes.map(each => all.choices.change(each)));
  await all.answer();
  expect(all.asked).toEqual(['load', JSON.stringify(changes[0])]);
  await expect.poll(() => all.asked.length).toBe(3);
  expect(all.server().direct).toBe(false);
  expect(all.shown()).toEqual({ ...start, direct: false, hideText: true });
  await all.answer();
  await expect.poll(() => all.asked.length).toBe(4);
  expect(all.server().direct).toBe(true);
  expect(all.shown()).toEqual({ ...start, direct: false, hideText: true });
  await all.answer();
  await done;
  expect(all.asked.slice(1)).toEqual(changes.map(each => JSON.stringify(each)));
  expect(all.shown()).toEqual(all.server());
});

test('BC-31 what is refused goes back to what the server has, and what was said beside it stays', async () => {
  const all = await loaded();
  const refused = all.choices.change({ mentions: false, hideText: true });
  const taken = all.choices.change({ groups: false });
  expect(all.shown()).toEqual({ ...start, mentions: false, hideText: true, groups: false });
  await all.answer();
  await expect(refused).rejects.toThrow('refused');
  expect(all.shown()).toEqual({ ...start, groups: false });
  await all.answer();
  await taken;
  expect(all.shown()).toEqual({ ...start, groups: false });
});

test('BC-8 what the server tells meanwhile is shown under what is being changed here', async () => {
  const all = await loaded();
  const changing = all.choices.change({ groups: false });
  all.adopt({ ...start, direct: false });
  expect(all.shown()).toEqual({ ...start, direct: false, groups: false });
  await all.answer();
  await changing;
  expect(all.shown()).toEqual({ ...start, groups: false });
});
