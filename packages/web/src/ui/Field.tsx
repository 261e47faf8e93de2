import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { cx } from './cx.ts';
import styles from './Field.module.css';

interface Common {
  label: string;
  /** Said under the field while nothing is wrong. */
  hint?: ReactNode;
  error?: string | undefined;
  /** Shown once the text comes near its end. */
  count?: { of: number; max: number };
  /** Before the text, inside the field. */
  prefix?: string;
}

type InputProps = Common &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'prefix'> & { ref?: Ref<HTMLInputElement> };
type AreaProps = Common & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'prefix'>;

export function Field({ label, hint, error, count, prefix, className, ...rest }: InputProps) {
  const id = useId();
  return (
    <Wrap id={id} label={label} hint={hint} error={error} count={count} className={className}>
      <span className={cx(styles.box, error && styles.wrong)}>
        {prefix && <span className={styles.prefix}>{prefix}</span>}
        <input
          dir="auto"
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-about`}
        />
      </span>
    </Wrap>
  );
}

export function AreaField({ label, hint, error, count, className, prefix: _, ...rest }: AreaProps) {
  const id = useId();
  return (
    <Wrap id={id} label={label} hint={hint} error={error} count={count} className={className}>
      <span className={cx(styles.box, error && styles.wrong)}>
        <textarea
          dir="auto"
          rows={3}
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-about`}
        />
      </span>
    </Wrap>
  );
}

interface WrapProps {
  id: string;
  label: string;
  hint: ReactNode;
  error: string | undefined;
  count: Common['count'] | undefined;
  className: string | undefined;
  children: ReactNode;
}

function Wrap({ id, label, hint, error, count, className, children }: WrapProps) {
  const near = count && count.of > count.max * 0.8;
  return (
    <div className={cx(styles.field, className)}>
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-about`} className={styles.about} aria-live="polite">
        {error ? <p className={styles.error}>{error}</p> : hint && <p>{hint}</p>}
        {near && (
          <span className={styles.count}>
            {count.of}/{count.max}
          </span>
        )}
      </div>
    </div>
  );
}
