import { describe, expect, test } from 'vitest';
import { endBy } from './end.ts';

describe('the end of an audio connection', () => {
  test.each([
    ['connected', 'closed'],
    ['completed', 'closed'],
    // The library has begun to take it down itself.
    ['closed', 'closed'],
    ['disconnected', 'lost'],
    ['failed', 'lost'],
  ])('AU-7 while ICE is %s is %s', (ice, end) => {
    expect(endBy(ice)).toBe(end);
  });
});
