import { expect, test } from 'vitest';
import { shortName } from './shortName.ts';

test.each([
  ['Imani Okafor', 'Imani'],
  ['J Doe', 'J Doe'],
  ['🌊 Ocean', '🌊 Ocean'],
  ['نور الهدى', 'نور'],
  ['李', '李'],
  ['李 小龙', '李'],
])('%s is shown as %s', (name, short) => {
  expect(shortName(name)).toBe(short);
});
