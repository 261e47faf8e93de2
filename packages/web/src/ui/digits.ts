export const CODE_LENGTH = 6;

/** Digits as people paste them: with spaces, dashes, or in Arabic, Persian and Devanagari numerals. */
export function digitsOf(text: string): string {
  const plain = text.normalize('NFKC').replace(/\p{Nd}/gu, digit => {
    const code = digit.codePointAt(0) ?? 0;
    const zero = [0x30, 0x660, 0x6f0, 0x966].find(start => code >= start && code < start + 10);
    return zero === undefined ? '' : String(code - zero);
  });
  return plain.replace(/\D/g, '').slice(0, CODE_LENGTH);
}
