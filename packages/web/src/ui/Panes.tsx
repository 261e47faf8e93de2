import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import styles from './Panes.module.css';

interface PanesProps {
  /** Which pane is on screen, from 0 at the start of the line. */
  current: number;
  /** The finger let go, and this pane came to rest. */
  onSettle: (index: number) => void;
  panes: { key: string; label: string; content: ReactNode }[];
}

/**
 * Panes side by side that follow the finger: the platform scrolls and snaps, we only say which pane is meant. Those off screen
 * are inert, so that neither Tab nor a screen reader wanders into them.
 */
export function Panes({ current, onSettle, panes }: PanesProps) {
  const track = useRef<HTMLDivElement>(null);
  const placed = useRef(false);
  const settled = useRef(current);
  const tell = useRef(onSettle);
  tell.current = onSettle;

  useLayoutEffect(() => {
    const element = track.current;
    const pane = element?.children[current] as HTMLElement | undefined;
    if (!element || !pane) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const away = settled.current !== current;
    if (placed.current && !away) return;
    element.scrollTo({ left: pane.offsetLeft, behavior: placed.current && !calm ? 'smooth' : 'instant' });
    settled.current = current;
    placed.current = true;
  }, [current]);

  useEffect(() => {
    const element = track.current;
    if (!element) return;
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      const index = Math.round(Math.abs(element.scrollLeft) / Math.max(1, element.clientWidth));
      if (index === settled.current) return;
      settled.current = index;
      tell.current(index);
    };
    // Safari has no scrollend before 26: there, a pause in scrolling stands for it.
    const later = () => {
      clearTimeout(quiet);
      quiet = setTimeout(settle, 120);
    };
    const native = 'onscrollend' in element;
    element.addEventListener(native ? 'scrollend' : 'scroll', native ? settle : later, { passive: true });
    // Turning the device changes the width: stay on the same pane.
    const resize = new ResizeObserver(() => {
      const pane = element.children[settled.current] as HTMLElement | undefined;
      if (pane) element.scrollTo({ left: pane.offsetLeft, behavior: 'instant' });
    });
    resize.observe(element);
    return () => {
      clearTimeout(quiet);
      resize.disconnect();
      element.removeEventListener('scrollend', settle);
      element.removeEventListener('scroll', later);
    };
  }, []);

  return (
    <div ref={track} className={styles.track}>
      {panes.map((pane, index) => (
        <section key={pane.key} className={styles.pane} aria-label={pane.label} inert={index !== current}>
          {pane.content}
        </section>
      ))}
    </div>
  );
}
