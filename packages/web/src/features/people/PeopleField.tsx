import { SearchField } from '../../ui/SearchField.tsx';
import { words } from '../../words/index.ts';

interface PeopleFieldProps {
  value: string;
  onChange: (value: string) => void;
}

/** Where one types whom one looks for: a name or a handle. */
export function PeopleField({ value, onChange }: PeopleFieldProps) {
  return (
    <SearchField
      autoFocus
      label={words.people.label}
      placeholder={words.people.placeholder}
      value={value}
      onChange={onChange}
    />
  );
}
