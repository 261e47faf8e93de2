import { expect, test } from 'vitest';
import { mentionAt, mentioned, withMention } from './mentions.ts';
import { person } from './people.fixture.ts';

test('a mention is being typed after an @ that begins a word', () => {
  expect(mentionAt('@', 1)).toBe('');
  expect(mentionAt('hello @no', 9)).toBe('no');
  expect(mentionAt('hello @نو', 9)).toBe('نو');
  expect(mentionAt('mail me at a@b', 14)).toBeNull();
  expect(mentionAt('hello @noor there', 17)).toBeNull();
  expect(mentionAt('hello @noor there', 11)).toBe('noor');
});

test('people are found by handle and by each word of their name', () => {
  const people = [person('noor', 'Noor Haddad'), person('imani', 'Imani Okafor'), person('lena', 'نور')];
  expect(mentioned(people, 'no').map(({ id }) => id)).toEqual(['noor']);
  expect(mentioned(people, 'okaf').map(({ id }) => id)).toEqual(['imani']);
  expect(mentioned(people, 'نو').map(({ id }) => id)).toEqual(['lena']);
  expect(mentioned(people, '')).toHaveLength(3);
});

test('what was typed becomes the handle, with the caret after it', () => {
  expect(withMention('hi @no, all', 6, 'noor')).toEqual({ text: 'hi @noor , all', caret: 9 });
  expect(withMention('@', 1, 'noor')).toEqual({ text: '@noor ', caret: 6 });
});
