/** How searches compare what is written: on the server that finds, and in the client that marks what was found. */

/** Latin letters that case and canonical forms leave apart and who searches would not: lower case, and what stands for each. */
export const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

const letters: Readonly<Record<string, string>> = {
  ...plainLetters,
  ς: 'σ',
  // Arabic: what stands for the same letter at the end of a word, and what Persian and Urdu write for it.
  ى: 'ي',
  ی: 'ي',
  ې: 'ي',
  ک: 'ك',
  ة: 'ه',
  ھ: 'ه',
  ہ: 'ه',
};
const alike = new RegExp(`[${Object.keys(letters).join('')}]`, 'gu');

/**
 * Marks that change no letter: accents, Arabic vowel signs, Hebrew points, variation selectors; the tatweel that only makes a
 * word longer. Not the voiced sound marks of Japanese, nor the vowels of Indic and Thai scripts: those are letters to readers.
 */
const marks =
  /(?![\u3099\u309a])(?=\p{M})\p{Script=Inherited}|[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]/gu;

/** A text without case, accents and what else a person who searches does not tell apart: `İstanbul, Größe` gives `istanbul, grosse`. */
export const foldLetters = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(marks, '')
    .toLowerCase()
    .replace(marks, '')
    .replace(alike, letter => letters[letter] ?? letter)
    .normalize('NFC');
