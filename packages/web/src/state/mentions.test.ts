import { expect, test } from 'vitest';
import { mentionAt, mentioned, mentionsIn, withMention } from './mentions.ts';
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
  expect(mentioned([person('inci', 'İnci Çağlar')], 'cag')).toHaveLength(1);
  expect(mentioned([person('inci', 'İnci Çağlar')], 'INC')).toHaveLength(1);
});

test('what was typed becomes the handle, with the caret after it', () => {
  expect(withMention('hi @no, all', 6, 'noor')).toEqual({ text: 'hi @noor , all', caret: 9 });
  expect(withMention('@', 1, 'noor')).toEqual({ text: '@noor ', caret: 6 });
});

test('BC-31 who is named is found as the server finds it', () => {
  const handles = (text: string) => mentionsIn(text).map(({ handle }) => handle);
  expect(handles('@Noor.Haddad, and (@bo_1)?')).toEqual(['noor.haddad', 'bo_1']);
  expect(handles('Ask @noor. Or @lena._')).toEqual(['noor', 'lena']);
  expect(handles('me@example.org ü@noor x.@noor @@noor _@noor')).toEqual([]);
  expect(handles('@1st @ @n')).toEqual([]);
  expect(mentionsIn('hi @Noor!')).toEqual([{ start: 3, end: 8, handle: 'noor' }]);
});
