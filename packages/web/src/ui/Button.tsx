import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Link } from 'wouter';
import styles from './Button.module.css';
import { cx } from './cx.ts';

export type Tone = 'quiet' | 'ink' | 'voice' | 'whisper' | 'danger' | 'bare';

interface Common {
  tone?: Tone;
  children?: ReactNode;
  icon?: ReactNode;
}

type Native = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> };

interface ButtonProps extends Native, Common {
  size?: 's' | 'm' | 'l';
  wide?: boolean;
  /** Something is under way: the button stays where it is, and takes no second press. */
  busy?: boolean;
}

export function Button({
  tone = 'quiet',
  size = 'm',
  wide,
  busy,
  icon,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(styles.button, styles[tone], styles[size], wide && styles.wide, className)}
      aria-busy={busy || undefined}
      onClick={busy ? event => event.preventDefault() : onClick}
    >
      {icon}
      {children && <span className={styles.label}>{children}</span>}
      {busy && <span className={styles.busy} aria-hidden="true" />}
    </button>
  );
}

interface RoundProps extends Native, Common {
  /** What the icon does, in words. */
  label: string;
  /** Unread: `true` is a dot, a number is shown. */
  count?: number | boolean;
  small?: boolean;
}

export function RoundButton({ tone = 'quiet', label, icon, count, small, className, ...rest }: RoundProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(styles.round, styles[tone], small && styles.small, className)}
    >
      {icon}
      <Count of={count} />
    </button>
  );
}

interface RoundLinkProps extends Common {
  label: string;
  href: string;
  count?: number | boolean;
  current?: boolean;
  replace?: boolean;
}

export function RoundLink({ tone = 'quiet', label, icon, href, count, current, replace }: RoundLinkProps) {
  return (
    <Link
      href={href}
      aria-label={label}
      title={label}
      replace={replace ?? false}
      aria-current={current ? 'page' : undefined}
      className={cx(styles.round, styles[tone])}
    >
      {icon}
      <Count of={count} />
    </Link>
  );
}

function Count({ of }: { of: number | boolean | undefined }) {
  if (!of) return null;
  return (
    <span className={cx(styles.count, of === true && styles.dot)} aria-hidden="true">
      {of === true ? '' : of > 99 ? '99+' : of}
    </span>
  );
}
