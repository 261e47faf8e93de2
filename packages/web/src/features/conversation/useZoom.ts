import { type MouseEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import { fitted, kept, type Size, type View, whole, zoomed } from '../../state/zoom.ts';

interface ZoomOptions {
  onStep: (by: number) => void;
  onClose: () => void;
  /** It is not zoomed: a video has controls of its own. */
  still: boolean;
}

/** Pixels of a swipe that turns the page, or closes. */
const ENOUGH = 70;
/** Milliseconds between two taps that are one double tap. */
const DOUBLE = 300;
const NEAR = 2.5;

/** Zoom by wheel, pinch and double tap; with the picture whole, a swipe turns the page and one down closes. */
export function useZoom(frame: RefObject<HTMLElement | null>, picture: Size, options: ZoomOptions) {
  const view = useRef<View>(whole);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const start = useRef({ x: 0, y: 0, at: 0, moved: false, pinched: false });
  const lastTap = useRef(0);
  const latest = useRef(options);
  latest.current = options;

  const draw = useCallback(
    (next: View, { easing = false, by = { x: 0, y: 0 } } = {}) => {
      const box = frame.current;
      const inner = box?.querySelector<HTMLElement>('[data-picture]');
      if (!box || !inner) return;
      view.current = next;
      inner.style.transition = easing ? 'transform var(--calm) var(--ease)' : 'none';
      inner.style.transform = `translate(${next.x + by.x}px, ${next.y + by.y}px) scale(${next.scale})`;
      box.toggleAttribute('data-zoomed', next.scale > 1);
      const away = Math.min(1, Math.max(0, by.y) / 400);
      inner.style.opacity = String(1 - away * 0.7);
    },
    [frame],
  );
  const within = useCallback(
    (next: View): View => {
      const box = frame.current;
      if (!box) return next;
      const size = { width: box.clientWidth, height: box.clientHeight };
      return kept(next, fitted(picture, size), size);
    },
    [frame, picture],
  );
  const fromMiddle = useCallback(
    (x: number, y: number) => {
      const box = frame.current?.getBoundingClientRect();
      return box ? { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 } : { x: 0, y: 0 };
    },
    [frame],
  );

  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    // React's wheel listeners may not stop the page behind from zooming.
    const onWheel = (event: WheelEvent) => {
      if (latest.current.still) return;
      event.preventDefault();
      const by = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0022));
      draw(within(zoomed(view.current, by, fromMiddle(event.clientX, event.clientY))));
    };
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [frame, draw, within, fromMiddle]);

  const toggle = (x: number, y: number) =>
    draw(view.current.scale > 1 ? whole : within(zoomed(view.current, NEAR, fromMiddle(x, y))), {
      easing: true,
    });
  const middleOf = (points: { x: number; y: number }[]) => ({
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  });
  const spread = ([a, b]: { x: number; y: number }[]) => (a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0);

  return {
    onPointerDown(event: PointerEvent) {
      if ((event.target as Element).closest('video,button,a') || event.button > 0) return;
      frame.current?.setPointerCapture(event.pointerId);
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const pinched = fingers.current.size > 1;
      start.current = { x: event.clientX, y: event.clientY, at: event.timeStamp, moved: false, pinched };
    },
    onPointerMove(event: PointerEvent) {
      const was = fingers.current.get(event.pointerId);
      if (!was) return;
      const before = [...fingers.current.values()];
      const now = { x: event.clientX, y: event.clientY };
      fingers.current.set(event.pointerId, now);
      const after = [...fingers.current.values()];
      if (Math.hypot(now.x - start.current.x, now.y - start.current.y) > 6) start.current.moved = true;
      if (after.length > 1 && !latest.current.still) {
        const from = middleOf(before);
        const to = middleOf(after);
        const scaled = zoomed(view.current, spread(after) / (spread(before) || 1), fromMiddle(to.x, to.y));
        draw(within({ ...scaled, x: scaled.x + to.x - from.x, y: scaled.y + to.y - from.y }));
        return;
      }
      const { scale, x, y } = view.current;
      if (scale > 1) draw(within({ scale, x: x + now.x - was.x, y: y + now.y - was.y }));
      else if (start.current.moved && !start.current.pinched)
        draw(whole, { by: { x: now.x - start.current.x, y: Math.max(0, now.y - start.current.y) } });
    },
    onPointerUp(event: PointerEvent) {
      if (!fingers.current.delete(event.pointerId) || fingers.current.size > 0) return;
      const { x, y, moved, pinched } = start.current;
      if (!moved && !pinched && !latest.current.still) {
        const double = event.timeStamp - lastTap.current < DOUBLE;
        lastTap.current = double ? 0 : event.timeStamp;
        if (double) toggle(event.clientX, event.clientY);
        return;
      }
      if (view.current.scale > 1 || pinched) return;
      const aside = event.clientX - x;
      const down = event.clientY - y;
      draw(whole, { easing: true });
      if (down > ENOUGH && down > Math.abs(aside)) latest.current.onClose();
      else if (Math.abs(aside) > ENOUGH) latest.current.onStep(aside < 0 ? 1 : -1);
    },
    onPointerCancel(event: PointerEvent) {
      fingers.current.delete(event.pointerId);
      draw(within(view.current), { easing: true });
    },
    onDoubleClick: (event: MouseEvent) => event.preventDefault(),
  };
}
