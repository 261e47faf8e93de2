import { expect, test } from 'vitest';
import { boxOf, spansOf, widthWithin } from './layout.ts';

test('BC-20: a picture has its place before it has come, however odd its shape', () => {
  expect(boxOf(1600, 1200)).toEqual({ width: 320, ratio: 4 / 3 });
  expect(boxOf(600, 1200)).toEqual({ width: 224, ratio: 0.56 });
  expect(boxOf(9000, 10)).toEqual({ width: 320, ratio: 2.4 });
  expect(boxOf(null, null).ratio).toBeCloseTo(4 / 3);
  expect(boxOf(0, 0).ratio).toBeCloseTo(4 / 3);
});

test('BC-20: up to ten pictures fill whole rows', () => {
  for (let count = 1; count <= 10; count++) {
    const spans = spansOf(count);
    expect(spans).toHaveLength(count);
    let row = 0;
    for (const span of spans) {
      row += span;
      expect(row).toBeLessThanOrEqual(6);
      if (row === 6) row = 0;
    }
    expect(row).toBe(0);
  }
});

test('a size within an edge keeps the shape and never grows', () => {
  expect(widthWithin(4000, 2000, 1280)).toBe(1280);
  expect(widthWithin(2000, 4000, 1280)).toBe(640);
  expect(widthWithin(100, 50, 1280)).toBe(100);
});
