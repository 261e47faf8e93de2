import { words } from '../words/index.ts';

export interface SignInModes {
  email: boolean;
  phone: boolean;
}

/** Digits and a leading plus, as people write them: spaces, dots, dashes and brackets are left out. */
export function phoneDigits(text: string): string | null {
  const bare = text.replace(/[\s().\-/\u2010-\u2015]/gu, '');
  return /^(\+|00)?\d{5,15}$/.test(bare) ? bare.replace(/^00/, '+') : null;
}

/** What to send as the address, or what is wrong with it in words. The server has the last word. */
export function readAddress(text: string, modes: SignInModes): { address: string } | { problem: string } {
  const trimmed = text.trim();
  if (!trimmed) return { problem: words.signIn.missing };
  if (trimmed.includes('@')) {
    if (!modes.email || !/^\S+@\S+\.?\S+$/.test(trimmed)) return { problem: words.signIn.notAnAddress };
    return { address: trimmed };
  }
  const phone = modes.phone ? phoneDigits(trimmed) : null;
  if (!phone) return { problem: words.signIn.notAnAddress };
  return phone.startsWith('+') ? { address: phone } : { problem: words.signIn.phoneNeedsCountry };
}
