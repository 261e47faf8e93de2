import Search from 'lucide-react/icons/search';
import X from 'lucide-react/icons/x';
import { words } from '../words/index.ts';
import { RoundButton } from './Button.tsx';
import styles from './SearchField.module.css';

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}

/** A field to search with; what was typed is cleared by a button or by Escape. */
export function SearchField({ label, placeholder, value, onChange, autoFocus }: SearchFieldProps) {
  return (
    <search className={styles.search}>
      <Search aria-hidden="true" />
      <input
        type="search"
        dir="auto"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        maxLength={200}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          if (event.key !== 'Escape' || value === '') return;
          event.stopPropagation();
          event.preventDefault();
          onChange('');
        }}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        // biome-ignore lint/a11y/noAutofocus: only where one comes to type.
        autoFocus={autoFocus}
      />
      {value !== '' && (
        <RoundButton
          small
          tone="bare"
          label={words.messageSearch.clear}
          icon={<X />}
          onClick={() => onChange('')}
        />
      )}
    </search>
  );
}
