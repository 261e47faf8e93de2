import { readFileSync } from 'node:fs';
import { Emoji } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { findEmoji, quickEmoji, readEmoji, toned } from './emoji.ts';

const groups = readEmoji(readFileSync(new URL('../words/en/emoji.txt', import.meta.url), 'utf8'));
const all = groups.flatMap(({ emoji }) => emoji);
const chars = (query: string) => findEmoji(groups, query).map(({ char }) => char);

test('BC-8: every emoji of the grid, and each quick one, is one that the server takes', () => {
  expect(all.length).toBeGreaterThan(1500);
  const refused = [...all.map(({ char }) => char), ...quickEmoji].filter(
    char => !Emoji.safeParse(char).success,
  );
  expect(refused).toEqual([]);
});

test('BC-8: emoji are found by simple words, in any order, without accents', () => {
  expect(chars('heart')[0]).toMatch(/\p{RGI_Emoji}/v);
  expect(chars('red heart')).toContain('❤️');
  expect(chars('HEART red')).toContain('❤️');
  expect(chars('pinata')).toContain('🪅');
  expect(chars('no such thing')).toEqual([]);
  expect(chars('  ')).toEqual([]);
});

test('BC-8: a skin tone is put where there is skin', () => {
  expect(toned('👍', '🏽')).toBe('👍🏽');
  expect(toned('🕵️‍♀️', '🏿')).toBe('🕵🏿‍♀️');
  expect(toned('❤️', '🏽')).toBe('❤️');
  expect(toned('👍', '')).toBe('👍');
});
