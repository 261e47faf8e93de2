import { type ReactNode, useId } from 'react';
import styles from './Choice.module.css';

interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

export function Switch({ label, hint, checked, onChange, disabled }: SwitchProps) {
  const id = useId();
  return (
    <div className={styles.switch}>
      <label htmlFor={id}>
        {label}
        {hint && <small id={`${id}-hint`}>{hint}</small>}
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={event => onChange(event.target.checked)}
      />
    </div>
  );
}

interface SegmentedProps<T extends string> {
  label: string;
  labelHidden?: boolean;
  value: T;
  options: { value: T; label: string; icon?: ReactNode; hint?: string }[];
  onChange: (value: T) => void;
}

/** A few choices side by side: real radio buttons, so arrow keys and screen readers know them. */
export function Segmented<T extends string>({
  label,
  labelHidden,
  value,
  options,
  onChange,
}: SegmentedProps<T>) {
  const name = useId();
  const hint = options.find(option => option.value === value)?.hint;
  return (
    <fieldset className={styles.segmented}>
      <legend className={labelHidden ? 'visually-hidden' : undefined}>{label}</legend>
      <div className={styles.options}>
        {options.map(option => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>
              {option.icon}
              {option.label}
            </span>
          </label>
        ))}
      </div>
      {hint && <p aria-live="polite">{hint}</p>}
    </fieldset>
  );
}
