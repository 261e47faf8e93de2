import { foldLetters } from '@sotto/protocol/letters';

/** Words in the sense of search: how what somebody wrote is stored, and how what somebody looks for is found in it. */

/** Characters of one word that count: longer ones are cut, in messages and in queries alike. */
const WORD_MAX = 64;
/** Words of a query; more find nothing that fewer would not. */
const QUERY_WORDS_MAX = 12;

/** Scripts without spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]+/gu;
const parts = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gu;

/** The words of a folded text; of a script without spaces, its runs. */
function split(text: string): { words: string[]; runs: string[] } {
  const words: string[] = [];
  const runs: string[] = [];
  for (const [part] of foldLetters(text).matchAll(parts)) {
    runs.push(...(part.match(unspaced) ?? []));
    for (const word of part.split(unspaced)) if (word !== '') words.push(cut(word));
  }
  return { words, runs };
}

const cut = (word: string): string =>
  word.length <= WORD_MAX ? word : [...word].slice(0, WORD_MAX).join('');

function pairs(run: string): string[] {
  const signs = [...run];
  return signs.slice(1).map((sign, index) => `${signs[index]}${sign}`);
}

/**
 * What a message can be found by: its words, folded; its emoji; of text without spaces every two signs that stand together,
 * and the last one, which begins nothing.
 */
export function messageWords(text: string): string[] {
  const { words, runs } = split(text);
  return [...new Set([...words, ...runs.flatMap(run => [...pairs(run), [...run].at(-1) ?? ''])])];
}

/**
 * A query as PostgreSQL's `tsquery` has it: each word begins a word of the message. Only letters, digits, marks and emoji are
 * left, so that it is safe inside quotes.
 * @returns null where there is nothing to look for
 */
export function queryOf(text: string): string | null {
  const { words, runs } = split(text);
  const terms = new Set([
    ...words.map(word => `'${word}':*`),
    ...runs.flatMap(run => ([...run].length === 1 ? [`'${run}':*`] : pairs(run).map(pair => `'${pair}'`))),
  ]);
  return terms.size === 0 ? null : [...terms].slice(0, QUERY_WORDS_MAX).join(' & ');
}
