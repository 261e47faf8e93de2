/** Reactions that are one tap away. */
export const quickEmoji = ['❤️', '😂', '👍', '😮', '😢', '🙏'] as const;

export interface EmojiGroup {
  name: string;
  emoji: { char: string; words: string }[];
}

const onScreen = /^\p{RGI_Emoji}$/v;

/** Reads the list: a line `# name` begins a group, others are an emoji and the words it is found by. */
export function readEmoji(list: string): EmojiGroup[] {
  const groups: EmojiGroup[] = [];
  for (const line of list.split('\n')) {
    if (line.startsWith('# ')) groups.push({ name: line.slice(2), emoji: [] });
    const space = line.indexOf(' ');
    const char = line.slice(0, space);
    // What this browser does not know yet would be an empty box.
    if (space > 0 && char !== '#' && onScreen.test(char))
      groups.at(-1)?.emoji.push({ char, words: line.slice(space + 1) });
  }
  return groups;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** Those of which each word of the query begins a word; the ones whose name begins with it first. */
export function findEmoji(groups: readonly EmojiGroup[], query: string): EmojiGroup['emoji'] {
  const asked = plain(query).split(/\s+/u).filter(Boolean);
  if (asked.length === 0) return [];
  const found = groups
    .flatMap(({ emoji }) => emoji)
    .filter(({ words }) => {
      const known = plain(words).split(/[\s,]+/u);
      return asked.every(word => known.some(each => each.startsWith(word)));
    });
  const first = asked[0] ?? '';
  const begins = ({ words }: { words: string }) => (plain(words).startsWith(first) ? 0 : 1);
  return found.toSorted((a, b) => begins(a) - begins(b));
}

/** Skin tones: none, and the five of Fitzpatrick (UTS #51). */
export const tones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'] as const;

/** An emoji in a skin tone; as it is where it has none. */
export function toned(char: string, tone: string): string {
  if (!tone) return char;
  const colored = char.replace(/(\p{Emoji_Modifier_Base})\u{fe0f}?/gu, `$1${tone}`);
  return onScreen.test(colored) ? colored : char;
}
