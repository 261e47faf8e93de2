import { describe, expect, test } from 'vitest';
import { dayName, longAgo } from './dates.ts';
import { daysBetween, shortAgo } from './time.ts';

const now = new Date(2026, 5, 17, 12).getTime(); // A Wednesday.
const before = (ms: number) => new Date(now - ms).toISOString();
const HOUR = 3_600_000;

describe('the end of an inbox line', () => {
  test.each([
    [20_000, 'now'],
    [2 * 60_000, '2 min'],
    [3 * HOUR, '3h'],
    [26 * HOUR, 'Tue'],
  ])('%d ms ago reads %s', (ago, said) => {
    expect(shortAgo(before(ago), now)).toBe(said);
  });

  test('a date of another year carries the year', () => {
    expect(shortAgo(new Date(2025, 0, 5).toISOString(), now)).toContain('2025');
  });

  test('a clock that is a little ahead is still now', () => {
    expect(shortAgo(before(-5000), now)).toBe('now');
  });
});

test('days are counted as the calendar here counts them', () => {
  expect(daysBetween(new Date(2026, 5, 16, 23, 59).getTime(), new Date(2026, 5, 17, 0, 1).getTime())).toBe(1);
});

test('days are called today, yesterday, by weekday, by date', () => {
  expect(dayName(before(HOUR), now)).toBe('Today');
  expect(dayName(before(24 * HOUR), now)).toBe('Yesterday');
  expect(dayName(before(3 * 24 * HOUR), now)).toBe('Sunday');
  expect(dayName(before(20 * 24 * HOUR), now)).toContain('28');
});

test('in a sentence', () => {
  expect(longAgo(before(5 * 60_000), now)).toBe('5 minutes ago');
  expect(longAgo(before(24 * HOUR), now)).toBe('yesterday');
});
