import ChevronLeft from 'lucide-react/icons/chevron-left';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { RoundButton } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { words } from '../../words/index.ts';
import styles from './Page.module.css';

/** Back to where one came from within the app, or to `fallback` where one came by a link. */
export function useBack(fallback: string): () => void {
  const [, navigate] = useLocation();
  return () => {
    const canGoBack = 'navigation' in window && window.navigation.canGoBack;
    if (canGoBack) history.back();
    else navigate(fallback, { replace: true });
  };
}

interface PageProps {
  title: string;
  /** Instead of the written title: a face and a name, say. The title is still read out. */
  head?: ReactNode;
  /** Where Back leads when there is nothing to go back to; without, there is no Back. */
  back?: string;
  actions?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  /** The body does its own scrolling. */
  fixed?: boolean;
  /** A large title, as on the panes. */
  large?: boolean;
  className?: string | undefined;
}

/** A screen's frame: head, body that scrolls, foot. The title takes the focus when the screen opens by a step of the person. */
export function Page({ title, head, back, actions, children, footer, fixed, large, className }: PageProps) {
  const goBack = useBack(back ?? '/');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A field that wants the focus, or an open dialog, goes before.
    const busy = document.activeElement?.matches('input,textarea') || document.querySelector('dialog[open]');
    if (back && !busy) heading.current?.focus({ preventScroll: true });
  }, [back]);
  return (
    <div className={cx(styles.page, className)}>
      <header className={cx(styles.head, large && styles.large)}>
        {back && (
          <RoundButton
            tone="bare"
            label={words.back}
            icon={<ChevronLeft className={styles.backIcon} />}
            onClick={goBack}
          />
        )}
        <h1 ref={heading} tabIndex={-1} className={head ? 'visually-hidden' : styles.title}>
          {title}
        </h1>
        {head && <div className={styles.custom}>{head}</div>}
        {actions}
      </header>
      {fixed ? children : <div className={styles.body}>{children}</div>}
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </div>
  );
}
