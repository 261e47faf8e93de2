import type { TextPart } from './thread.ts';

/** Lines that a long message shows at first, and how many more there must be for cutting to be worth it. */
const SHOWN = 20;
const WORTH = 6;
/** Characters counted as one line. */
const WIDE = 40;
/** How far back from the cut a space is looked for. */
const BACK = 60;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Where a long text is cut until somebody wants all of it, told by its length and its line breaks alone.
 * @returns the number of UTF-16 units to show, between two words where there are any; null: it is shown whole
 */
export function cutOf(text: string): number | null {
  // It has fewer characters than it would need lines.
  if (text.length <= SHOWN + WORTH) return null;
  let lines = 0;
  let cut: number | null = null;
  for (let from = 0, to: number; from <= text.length; from = to + 1) {
    const end = text.indexOf('\n', from);
    to = end === -1 ? text.length : end;
    const taken = Math.max(1, Math.ceil((to - from) / WIDE));
    if (cut === null && lines + taken > SHOWN) cut = from + (SHOWN - lines) * WIDE;
    lines += taken;
  }
  return cut === null || lines <= SHOWN + WORTH ? null : betweenWords(text, cut);
}

function betweenWords(text: string, at: number): number {
  const start = Math.max(0, at - BACK);
  const space = text.slice(start, at + 1).search(/\s\S*$/u);
  // What is written without spaces is cut between two characters as people see them.
  const cut = space > 0 ? start + space : (graphemes.segment(text).containing(at)?.index ?? at);
  return text.slice(0, cut).trimEnd().length || cut;
}

/** The parts of a text up to a place in it. A link that is cut there leads where it led. */
export function partsUpTo(parts: readonly TextPart[], upTo: number): TextPart[] {
  const kept: TextPart[] = [];
  let left = upTo;
  for (const part of parts) {
    if (left <= 0) break;
    kept.push(part.text.length > left ? { ...part, text: part.text.slice(0, left) } : part);
    left -= part.text.length;
  }
  return kept;
}
