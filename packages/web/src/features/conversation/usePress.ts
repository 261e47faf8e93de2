import { type MouseEvent, type PointerEvent, type RefObject, useRef } from 'react';
import { buzz } from '../shell/signals.ts';

/** Milliseconds of a press that opens the menu. */
const LONG = 420;
/** Pixels a resting finger may tremble. */
const STILL = 8;
/** Pixels of a swipe that answers; it follows the finger no further than `FAR`. */
const ENOUGH = 56;
const FAR = 84;

interface Press {
  onLong: () => void;
  /** Null: it cannot be swiped. */
  onSwipe: (() => void) | null;
}

const isControl = (target: EventTarget) =>
  (target as Element).closest('input,video,[role=progressbar]') !== null;

/** A finger on a message: a long press, or a swipe towards the end of the line. A mouse: its other button. */
export function usePress(element: RefObject<HTMLElement | null>, { onLong, onSwipe }: Press) {
  const start = useRef<{ x: number; y: number; id: number; way: 'none' | 'swipe' }>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const taken = useRef(false);
  /** There was something selected when the button went down. */
  const selected = useRef(false);

  const move = (by: number) => element.current?.style.setProperty('--swipe', `${by}px`);
  const reset = () => {
    clearTimeout(timer.current);
    start.current = undefined;
    element.current?.style.removeProperty('--swipe');
    element.current?.removeAttribute('data-swiping');
  };
  const sideways = (event: PointerEvent) => {
    const way = element.current && getComputedStyle(element.current).direction === 'rtl' ? -1 : 1;
    return (event.clientX - (start.current?.x ?? event.clientX)) * way;
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      taken.current = false;
      selected.current = Boolean(getSelection()?.toString());
      if (event.pointerType === 'mouse' || !event.isPrimary || isControl(event.target)) return;
      start.current = { x: event.clientX, y: event.clientY, id: event.pointerId, way: 'none' };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        reset();
        taken.current = true;
        buzz();
        onLong();
      }, LONG);
    },
    onPointerMove(event: PointerEvent) {
      const from = start.current;
      if (!from) return;
      const x = sideways(event);
      const y = Math.abs(event.clientY - from.y);
      if (from.way === 'none' && Math.max(Math.abs(x), y) > STILL) {
        clearTimeout(timer.current);
        if (!onSwipe || x < y) return reset();
        from.way = 'swipe';
        element.current?.setPointerCapture(from.id);
        element.current?.setAttribute('data-swiping', '');
      }
      if (from.way === 'swipe') {
        const rtl = element.current && getComputedStyle(element.current).direction === 'rtl' ? -1 : 1;
        move(Math.min(FAR, Math.max(0, x)) * rtl);
      }
    },
    onPointerUp(event: PointerEvent) {
      const swiped = start.current?.way === 'swipe' && sideways(event) >= ENOUGH;
      taken.current ||= start.current?.way === 'swipe';
      reset();
      if (!swiped) return;
      buzz();
      onSwipe?.();
    },
    onPointerCancel: reset,
    onContextMenu(event: MouseEvent) {
      // On a phone the long press is ours.
      if (matchMedia('(pointer: coarse)').matches) return event.preventDefault();
      // With a mouse the browser keeps its menu for links, pictures and what is selected.
      if ((event.target as Element).closest('a,img,input,video') || selected.current) return;
      event.preventDefault();
      // Some systems select the word below the pointer.
      getSelection()?.removeAllRanges();
      onLong();
    },
  };
  return { handlers, took: () => taken.current };
}
