import { expect, test } from 'vitest';
import { digitsOf } from './digits.ts';

test.each([
  ['123 456', '123456'],
  ['Your code: 12-34-56.', '123456'],
  ['١٢٣٤٥٦', '123456'],
  ['１２３４５６', '123456'],
  ['1234567', '123456'],
  ['abc', ''],
])('%s is read as %s', (pasted, digits) => {
  expect(digitsOf(pasted)).toBe(digits);
});
