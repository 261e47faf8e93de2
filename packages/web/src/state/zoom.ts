/** How a picture lies in its frame: scaled about the frame's middle, then moved. */
export interface View {
  readonly scale: number;
  /** Pixels from the middle. */
  readonly x: number;
  readonly y: number;
}

export const whole: View = { scale: 1, x: 0, y: 0 };
const CLOSEST = 6;

export interface Size {
  width: number;
  height: number;
}

/** The size a picture has in a frame that it fits into whole. */
export function fitted(picture: Size, frame: Size): Size {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height, 1.5);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Keeps the edges of a picture out of the frame as long as it is larger, and it in the middle where it is smaller. */
export function kept(view: View, picture: Size, frame: Size): View {
  const scale = Math.min(CLOSEST, Math.max(1, view.scale));
  const room = (size: number, of: number) => Math.max(0, (size * scale - of) / 2);
  const within = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));
  return {
    scale,
    x: within(view.x, room(picture.width, frame.width)),
    y: within(view.y, room(picture.height, frame.height)),
  };
}

/** Scaled by `by`, so that the point under the finger stays under it; the point counts from the frame's middle. */
export function zoomed(view: View, by: number, point: { x: number; y: number }): View {
  const scale = Math.min(CLOSEST, Math.max(1, view.scale * by));
  const real = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * real, y: point.y - (point.y - view.y) * real };
}
