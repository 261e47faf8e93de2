import { expect, test } from 'vitest';
import { quotedText } from './quote.ts';

test('BC-8 an answer quotes whole characters, at most 160 UTF-16 units', () => {
  expect(quotedText('word '.repeat(32))).toBe('word '.repeat(32));
  expect(quotedText('word '.repeat(33))).toBe('word '.repeat(32));
  const family = '👨‍👩‍👧‍👦';
  expect(quotedText(`x${family.repeat(40)}`)).toBe(`x${family.repeat(14)}`);
  expect(quotedText(`${'n\u0303'.repeat(79)}a😀`)).toBe(`${'n\u0303'.repeat(79)}a`);
  expect(quotedText('🇹🇷'.repeat(100))).toBe('🇹🇷'.repeat(40));
  expect(quotedText('字'.repeat(400))).toBe('字'.repeat(160));
});

test('BC-8 what is one character alone is quoted still, and never as half of a pair', () => {
  const marks = 'a'.concat('\u0301'.repeat(300));
  expect(quotedText(marks)).toBe(marks.slice(0, 160));
  const joined = '😀\u200d'.repeat(200);
  expect(quotedText(joined)).toBe(joined.slice(0, 159));
});
