import { useRef } from 'react';
import styles from './CodeInput.module.css';

interface CodeInputProps {
  label: string;
  value: string;
  onChange: (digits: string) => void;
  /** All six are there. */
  onComplete: (digits: string) => void;
  error?: string | undefined;
  disabled?: boolean;
}

const LENGTH = 6;

/** Digits as people paste them: with spaces, dashes, or in Arabic, Persian and Devanagari numerals. */
export function digitsOf(text: string): string {
  const plain = text.normalize('NFKC').replace(/\p{Nd}/gu, digit => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [0x30, 0x660, 0x6f0, 0x966].find(start => code >= start && code < start + 10);
    return zero === undefined ? '' : String(code - zero);
  });
  return plain.replace(/\D/g, '').slice(0, LENGTH);
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
          if (digits.length === LENGTH && digits !== value) onComplete(digits);
        }}
      />
      <div className={styles.cells} aria-hidden="true" dir="ltr">
        {Array.from({ length: LENGTH }, (_, index) => (
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
