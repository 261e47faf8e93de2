import { expect, test } from 'vitest';
import { fitted, kept, whole, zoomed } from './zoom.ts';

const frame = { width: 400, height: 800 };

test('a picture fits whole, and small ones are not blown up far', () => {
  expect(fitted({ width: 4000, height: 2000 }, frame)).toEqual({ width: 400, height: 200 });
  expect(fitted({ width: 100, height: 100 }, frame)).toEqual({ width: 150, height: 150 });
});

test('zooming keeps the point under the finger', () => {
  const point = { x: 120, y: -60 };
  const near = zoomed({ scale: 1.5, x: 10, y: 20 }, 2, point);
  expect(near.scale).toBe(3);
  // The spot of the picture under the point, before and after.
  expect((point.x - near.x) / near.scale).toBeCloseTo((point.x - 10) / 1.5);
  expect((point.y - near.y) / near.scale).toBeCloseTo((point.y - 20) / 1.5);
});

test('no farther than whole, no closer than six times, never out of the frame', () => {
  expect(zoomed(whole, 0.2, { x: 50, y: 50 })).toEqual(whole);
  expect(zoomed(whole, 100, { x: 0, y: 0 }).scale).toBe(6);
  expect(kept({ scale: 2, x: 900, y: 900 }, { width: 400, height: 200 }, frame)).toEqual({
    scale: 2,
    x: 200,
    y: 0,
  });
});
