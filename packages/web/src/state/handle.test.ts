import { expect, test } from 'vitest';
import { isHandle, suggestHandle, tidyHandle } from './handle.ts';

test.each([
  ['Noor Haddad', 'noor.haddad'],
  ['José Ángel Núñez', 'jose.angel.nunez'],
  ['  4 Ever Young ', 'ever.young'],
  ['李小龙', ''],
  ['Al', ''],
  ['Maximiliane Freifrau von Hohenstaufen', 'maximiliane.freifrau.von'],
])('%s suggests %j', (name, handle) => {
  expect(suggestHandle(name)).toBe(handle);
  expect(handle === '' || isHandle(handle)).toBe(true);
});

test('what is typed is tidied, not judged', () => {
  expect(tidyHandle(' @Noor Haddad')).toBe('noor.haddad');
});
