import { HANDLE_MAX, HANDLE_PATTERN } from '@sotto/protocol/limits';

const pattern = new RegExp(HANDLE_PATTERN);

export function isHandle(text: string): boolean {
  return pattern.test(text);
}

/** A handle to begin with, from a name: `Noor Haddad` gives `noor.haddad`. Empty where the name has no Latin letters. */
export function suggestHandle(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^[^a-z]+|\.+$/g, '')
    .slice(0, HANDLE_MAX)
    .replace(/\.+$/, '');
  return isHandle(plain) ? plain : '';
}

/** What someone types into the field, as a handle would have it. */
export function tidyHandle(text: string): string {
  return text.trim().replace(/^@+/, '').toLowerCase().replace(/\s+/g, '.');
}
