const HUES = [18, 33, 48, 66, 85, 110, 135, 150, 165, 185, 205, 225, 245, 265, 285, 305, 325, 355];

/** The same colour for the same key on every device: FNV-1a over its code units, then one of eighteen hues (degrees, OKLCH). */
export function hueOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    hash ^= key.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return HUES[hash % HUES.length] ?? 0;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment;
  return '';
}

/** Cutting a name takes as long as drawing its face, and a thread draws the same few faces all the time. */
const known = new Map<string, string>();
const KNOWN_MAX = 500;

/** One or two whole graphemes, so that an emoji or a combining mark is never cut in half. */
export function initialsOf(name: string): string {
  const cut = known.get(name) ?? cutOf(name);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, cut);
  return cut;
}

function cutOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const [first = '', second = ''] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return (firstGrapheme(first) + firstGrapheme(second)).toLocaleUpperCase();
}
