import { useRef } from 'react';
import styles from './CodeInput.module.css';
import { CODE_LENGTH, digitsOf } from './digits.ts';

interface CodeInputProps {
  label: string;
  value: string;
  onChange: (digits: string) => void;
  /** All six are there. */
  onComplete: (digits: string) => void;
  error?: string | undefined;
  disabled?: boolean;
}

/** One real input under six drawn cells: paste, autofill from a message and screen readers all work as with any field. */
export function CodeInput({ label, value, onChange, onComplete, error, disabled }: CodeInputProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.code} data-wrong={error ? '' : undefined}>
      <input
        ref={input}
        // biome-ignore lint/a11y/noAutofocus: the screen has this one field, and the code is at hand.
        autoFocus
        aria-label={label}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? 'code-error' : undefined}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        dir="ltr"
        disabled={disabled}
        value={value}
        onChange={event => {
          const digits = digitsOf(event.target.value);
          onChange(digits);
          if (digits.length === CODE_LENGTH && digits !== value) onComplete(digits);
        }}
      />
      <div className={styles.cells} aria-hidden="true" dir="ltr">
        {Array.from({ length: CODE_LENGTH }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place.
          <span key={index} data-next={index === value.length ? '' : undefined}>
            {value[index]}
          </span>
        ))}
      </div>
      <p id="code-error" className={styles.error} role="alert">
        {error}
      </p>
    </div>
  );
}
