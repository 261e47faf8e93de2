import X from 'lucide-react/icons/x';
import { type PointerEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { words } from '../words/index.ts';
import { RoundButton } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './Sheet.module.css';

interface SheetProps {
  title: string;
  /** The title is for screen readers only: the content shows its own. */
  titleHidden?: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Stays at the bottom while the content scrolls. */
  footer?: ReactNode;
}

/** Pixels that a finger pulls the sheet down before letting go closes it. */
const PULL = 90;

/**
 * A modal over everything: from the bottom on a phone, in the middle elsewhere. It is the platform's `<dialog>`, so focus is
 * kept inside, Escape closes, and focus goes back to where it was.
 */
export function Sheet({ title, titleHidden, onClose, children, footer }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const pull = useRef<number>(undefined);

  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) {
      element.showModal();
      // What the sheet is for comes first: its field, where it begins with one and no keyboard would jump up; else its title.
      const first = element.querySelector<HTMLElement>('input:not([type=file]), textarea');
      const field = first?.matches('[type=radio],[type=checkbox]') ? null : first;
      const byKeys = matchMedia('(pointer: fine)').matches;
      (byKeys && field ? field : element.querySelector('h2'))?.focus({ preventScroll: true });
    }
    return () => element?.close();
  }, []);

  // Going elsewhere leaves the sheet behind.
  const [path] = useLocation();
  const openedAt = useRef(path);
  useEffect(() => {
    if (path !== openedAt.current) dialog.current?.close();
  }, [path]);

  const pulled = (event: PointerEvent) => Math.max(0, event.clientY - (pull.current ?? event.clientY));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; Escape is the key for it, and the dialog's own.
    <dialog
      ref={dialog}
      className={styles.sheet}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={event => event.target === dialog.current && dialog.current?.close()}
    >
      <div className={styles.inner}>
        <header
          className={cx(styles.head, titleHidden && styles.bare)}
          onPointerDown={event => {
            if ((event.target as Element).closest('button')) return;
            pull.current = event.clientY;
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={event => {
            if (pull.current !== undefined)
              dialog.current?.style.setProperty('translate', `0 ${pulled(event)}px`);
          }}
          onPointerUp={event => {
            const far = pulled(event) > PULL;
            pull.current = undefined;
            dialog.current?.style.removeProperty('translate');
            if (far) dialog.current?.close();
          }}
          onPointerCancel={() => {
            pull.current = undefined;
            dialog.current?.style.removeProperty('translate');
          }}
        >
          <span className={styles.grip} aria-hidden="true" />
          <h2 id={titleId} tabIndex={-1} className={titleHidden ? 'visually-hidden' : styles.title}>
            {title}
          </h2>
          <RoundButton tone="bare" label={words.close} icon={<X />} onClick={() => dialog.current?.close()} />
        </header>
        <div className={styles.body}>{children}</div>
        {footer && <footer className={styles.footer}>{footer}</footer>}
      </div>
    </dialog>
  );
}
