import { expect, test } from 'vitest';
import { hueOf, initialsOf } from './initials.ts';

test.each([
  ['Noor Haddad', 'NH'],
  ['Maximiliane Freifrau von Hohenstaufen', 'MH'],
  ['李小龙', '李'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
  ['é', 'É'],
  ['  ', ''],
])('%s has the initials %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test('a person’s colour stays, and people differ', () => {
  expect(hueOf('01a2')).toBe(hueOf('01a2'));
  const hues = new Set(Array.from({ length: 200 }, (_, index) => hueOf(`person ${index}`)));
  expect(hues.size).toBe(18);
});
