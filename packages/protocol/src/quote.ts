/** UTF-16 units of a message that an answer to it quotes, at most. */
const QUOTE_MAX = 160;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** As much of a message as an answer to it quotes: whole characters, as people see them. */
export function quotedText(text: string): string {
  if (text.length <= QUOTE_MAX) return text;
  const cut = graphemes.segment(text).containing(QUOTE_MAX)?.index ?? 0;
  // A letter under hundreds of marks is no whole one then, but still no half of a surrogate pair.
  return cut > 0 ? text.slice(0, cut) : text.slice(0, QUOTE_MAX).replace(/[\ud800-\udbff]$/u, '');
}
