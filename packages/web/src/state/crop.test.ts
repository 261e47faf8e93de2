import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drag, inside, middle, squareOf, ZOOM_MAX } from './crop.ts';

const wide = { width: 900, height: 600 };

test('a picture begins with its middle square', () => {
  expect(squareOf(middle, wide)).toEqual({ x: 150, y: 0, side: 600 });
});

test('dragging to the right shows what is left of it', () => {
  const moved = squareOf(drag(middle, wide, 300, 30, 0), wide);
  expect(moved.x).toBeCloseTo(90);
});

test('the square never leaves the picture, however it is dragged and zoomed', () => {
  const number = fc.double({ min: -5000, max: 5000, noNaN: true });
  fc.assert(
    fc.property(number, number, fc.double({ min: 0.1, max: 10, noNaN: true }), (dx, dy, zoom) => {
      const crop = drag(inside({ ...middle, zoom }, wide), wide, 300, dx, dy);
      const { x, y, side } = squareOf(crop, wide);
      expect(crop.zoom).toBeLessThanOrEqual(ZOOM_MAX);
      expect(x).toBeGreaterThanOrEqual(-1e-6);
      expect(y).toBeGreaterThanOrEqual(-1e-6);
      expect(x + side).toBeLessThanOrEqual(wide.width + 1e-6);
      expect(y + side).toBeLessThanOrEqual(wide.height + 1e-6);
    }),
  );
});
