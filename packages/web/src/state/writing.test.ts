import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { directWith, entryOf, messageOf, talkIn } from './messages.fixture.ts';
import { allowanceOf, closedText, slowUntil } from './writing.ts';

const direct = (asRequest: boolean) => directWith('Noor', { asRequest });
const talk = (slowSeconds: number, moderator = false) => talkIn('', { slowSeconds, moderator });
const said = (sender: string, at: number) => entryOf(1, at, messageOf('m', sender));

test('BC-11: a request is text only, 500 characters', () => {
  expect(allowanceOf(direct(true))).toEqual({ max: 500, files: false });
  expect(allowanceOf(direct(false))).toEqual({ max: 4000, files: true });
});

test('BC-3: in a slowed talk one waits from one’s own last message, sent or on its way; a moderator does not', () => {
  expect(slowUntil(talk(15), [said('me', 60_000)], [], 'me')).toBe(75_000);
  expect(slowUntil(talk(15), [said('you', 60_000)], [], 'me')).toBe(0);
  expect(slowUntil(talk(15), [said('me', 60_000)], [{ createdAt: 90_000 }], 'me')).toBe(105_000);
  expect(slowUntil(talk(0), [said('me', 60_000)], [], 'me')).toBe(0);
  expect(slowUntil(talk(15, true), [said('me', 60_000)], [], 'me')).toBe(0);
  expect(slowUntil(direct(false), [said('me', 60_000)], [], 'me')).toBe(0);
});

test('BC-15: why one cannot write has words for each case', () => {
  const cases = ['blocked', 'waiting', 'closed', 'off', 'frozen', 'request'] as const;
  const texts = cases.map(whyNot => closedText({ ...direct(false), canWrite: false, whyNot }));
  expect(new Set(texts).size).toBe(cases.length);
  expect(texts[0]).toBe(words.conversation.cannotWrite);
});
