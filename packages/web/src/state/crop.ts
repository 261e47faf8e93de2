/** A picture under a square window: `zoom` 1 just covers it; `x`, `y` are the window's middle, 0 to 1 across the picture. */
export interface Crop {
  zoom: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const ZOOM_MAX = 4;
export const middle: Crop = { zoom: 1, x: 0.5, y: 0.5 };

const between = (low: number, value: number, high: number) => Math.min(Math.max(value, low), high);

/** Side of the window in the picture's pixels. */
export function sideOf(crop: Crop, picture: Size): number {
  return Math.min(picture.width, picture.height) / crop.zoom;
}

/** The same crop, moved so that the window stays inside the picture. */
export function inside(crop: Crop, picture: Size): Crop {
  const zoom = between(1, crop.zoom, ZOOM_MAX);
  const half = sideOf({ ...crop, zoom }, picture) / 2;
  const [marginX, marginY] = [half / picture.width, half / picture.height];
  return { zoom, x: between(marginX, crop.x, 1 - marginX), y: between(marginY, crop.y, 1 - marginY) };
}

/** The finger moved by so many pixels over a window of `window` pixels: the picture goes with it. */
export function drag(crop: Crop, picture: Size, window: number, dx: number, dy: number): Crop {
  const perPixel = sideOf(crop, picture) / window;
  return inside(
    { ...crop, x: crop.x - (dx * perPixel) / picture.width, y: crop.y - (dy * perPixel) / picture.height },
    picture,
  );
}

/** The square to cut, in the picture's pixels. */
export function squareOf(crop: Crop, picture: Size): { x: number; y: number; side: number } {
  const side = sideOf(crop, picture);
  return { x: crop.x * picture.width - side / 2, y: crop.y * picture.height - side / 2, side };
}
