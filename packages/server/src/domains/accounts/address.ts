import { domainToASCII } from 'node:url';

export interface Address {
  kind: 'email' | 'phone';
  /** Lower case with an ASCII domain, or E.164: + and at most 15 digits. */
  address: string;
}

const localPart = /^(?!\.)(?!.*\.\.)(?!.*\.$)[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const domain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const e164 = /^\+[1-9]\d{6,14}$/;

/**
 * What somebody typed, as the one form in which it is stored and compared; null if it is neither an email address
 * (RFC 5321, no quoted local parts) nor a phone number with its country (ITU-T E.164).
 */
export function readAddress(typed: string): Address | null {
  const text = typed.normalize('NFKC').trim();
  return text.includes('@') ? readEmail(text) : readPhone(text);
}

function readEmail(text: string): Address | null {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at).toLowerCase();
  const host = domainToASCII(text.slice(at + 1)).toLowerCase();
  const address = `${local}@${host}`;
  return localPart.test(local) && domain.test(host) && address.length <= 254
    ? { kind: 'email', address }
    : null;
}

/** Spaces, dashes, dots, slashes and brackets are how people write numbers; `(0)` is not dialled from abroad. */
function readPhone(text: string): Address | null {
  if (!/^[+\d\s().\-/\u2010-\u2015]+$/.test(text)) return null;
  const digits = text
    .replace(/\(0\)/, '')
    .replace(/[^+\d]/g, '')
    .replace(/^00/, '+');
  return e164.test(digits) ? { kind: 'phone', address: digits } : null;
}
