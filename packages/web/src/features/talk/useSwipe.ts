import { type TouchEvent, useRef } from 'react';

/** Pixels a finger goes sideways before it is a swipe. */
const FAR = 56;

/** One finger, clearly sideways. Not where something inside scrolls sideways itself. */
export function useSwipe(to: { left?: () => void; right?: () => void }) {
  const from = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart(event: TouchEvent) {
      const touch = event.touches.item(0);
      from.current =
        touch && event.touches.length === 1 && !scrollsSideways(event.target as Element)
          ? { x: touch.clientX, y: touch.clientY }
          : null;
    },
    onTouchEnd(event: TouchEvent) {
      const touch = event.changedTouches.item(0);
      const start = from.current;
      from.current = null;
      if (!touch || !start) return;
      const across = touch.clientX - start.x;
      if (Math.abs(across) < FAR || Math.abs(across) < 2 * Math.abs(touch.clientY - start.y)) return;
      if (across < 0) to.left?.();
      else to.right?.();
    },
  };
}

function scrollsSideways(target: Element): boolean {
  for (let at: Element | null = target; at; at = at.parentElement) {
    if (at.matches('input[type=range]')) return true;
    if (at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).overflowX !== 'visible')
      return !getComputedStyle(at).overflowX.match(/hidden|clip/);
  }
  return false;
}
