import { useEffect, useRef, useSyncExternalStore } from 'react';
import { cx } from './cx.ts';
import styles from './Notes.module.css';
import { dismiss, noteStore } from './notes.ts';

/** Where notes appear. A popover shown anew for each note, so that it lies above any open sheet. */
export function Notes() {
  const notes = useSyncExternalStore(noteStore.subscribe, noteStore.getSnapshot);
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = region.current;
    if (!element) return;
    if (element.matches(':popover-open')) element.hidePopover();
    if (notes.length === 0) return;
    delete element.dataset.high;
    element.showPopover();
    if (coversThread(element)) element.dataset.high = '';
  }, [notes]);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {notes.at(-1)?.text}
      </div>
      {/* What is read out stands above: here it is only seen. */}
      <div ref={region} popover="manual" role="log" aria-live="off" className={styles.region}>
        {notes.map(each => (
          <div key={each.id} className={cx(styles.note, each.tone === 'danger' && styles.danger)}>
            <span>{each.text}</span>
            {each.action && (
              <button
                type="button"
                onClick={() => {
                  dismiss(each.id);
                  each.action?.run();
                }}
              >
                {each.action.label}
              </button>
            )}
          </div>
        ))}
      </div>
    </>
  );
}

/** Whether it lies over messages, or over where one writes: those are being read, a screen's head is not. */
function coversThread(element: HTMLElement): boolean {
  const note = element.getBoundingClientRect();
  return [...document.querySelectorAll('[data-thread]')].some(thread => {
    const { left, right, top, bottom } = thread.getBoundingClientRect();
    return left < note.right && right > note.left && top < note.bottom && bottom > note.top;
  });
}
