import { foldLetters } from '@sotto/protocol/letters';

/** Which parts of a text a search found, as the server compares words: without case, accents and dotless i. */

const word = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

const wordsOf = (text: string): string[] => (text.match(word) ?? []).map(foldLetters).filter(Boolean);

/** How many signs of a word, as written, make up so many folded ones. */
function signsFor(written: string, folded: number): number {
  const signs = [...written];
  let taken = 0;
  while (taken < signs.length && foldLetters(signs.slice(0, taken).join('')).length < folded) taken++;
  // A mark belongs to the letter before it.
  while (taken < signs.length && foldLetters(signs[taken] ?? '') === '') taken++;
  return signs.slice(0, taken).join('').length;
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** The text in pieces; those that the query's words begin with are hits. */
export function piecesOf(text: string, query: string): Piece[] {
  const wanted = wordsOf(query);
  const pieces: Piece[] = [];
  let end = 0;
  const add = (from: number, to: number, hit: boolean) => {
    if (to > from) pieces.push({ text: text.slice(from, to), hit });
  };
  for (const match of text.matchAll(word)) {
    const [written] = match;
    const folded = foldLetters(written);
    const begun = wanted
      .filter(each => folded.startsWith(each))
      .reduce((longest, each) => Math.max(longest, each.length), 0);
    let [from, length] = [0, begun > 0 ? signsFor(written, begun) : 0];
    if (begun === 0 && unspaced.test(written)) {
      const inside = wanted.find(each => unspaced.test(each) && folded.includes(each));
      if (inside !== undefined) {
        from = signsFor(written, folded.indexOf(inside));
        length = signsFor(written.slice(from), inside.length);
      }
    }
    if (length === 0) continue;
    const start = match.index + from;
    add(end, start, false);
    add(start, start + length, true);
    end = start + length;
  }
  add(end, text.length, false);
  return pieces;
}

/** Whether each of the query's words, or signs, stands in a name. */
export function isNamed(name: string, query: string): boolean {
  const wanted = wordsOf(query);
  const named = wordsOf(name);
  const stands = (each: string) =>
    named.some(written => written.startsWith(each) || (unspaced.test(each) && written.includes(each)));
  return wanted.length > 0 && wanted.every(stands);
}

/** Signs before the first hit that a line still shows. */
const BEFORE = 28;

/** The same, cut so that the first hit stands near the beginning of a line. */
export function excerptOf(text: string, query: string): Piece[] {
  const [first, ...others] = piecesOf(text.replace(/\s+/gu, ' '), query);
  if (!first || first.hit || first.text.length <= BEFORE) return first ? [first, ...others] : [];
  const kept = first.text.slice(-BEFORE);
  const space = kept.indexOf(' ');
  return [{ text: `…${space >= 0 ? kept.slice(space + 1) : kept}`, hit: false }, ...others];
}
