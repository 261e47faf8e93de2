import { describe, expect, it } from 'vitest';
import { cutOf, partsUpTo } from './long.ts';
import { partsOf } from './thread.ts';

const shownOf = (text: string) => text.slice(0, cutOf(text) ?? text.length);

describe('BC-5 a long message is shown cut', () => {
  it('leaves alone what is short, and what cutting would save little of', () => {
    for (const text of ['', 'Hello', 'word '.repeat(160), 'a\n'.repeat(20), '\n'.repeat(26)])
      expect(cutOf(text)).toBeNull();
    expect(cutOf('word '.repeat(205))).toBeNull();
  });

  it('shows about 800 characters of 4,000, and ends after a word', () => {
    const shown = shownOf('sentence '.repeat(444));
    expect(shown.length).toBeGreaterThan(720);
    expect(shown.length).toBeLessThanOrEqual(800);
    expect(shown.endsWith('sentence')).toBe(true);
  });

  it('counts lines as well as characters', () => {
    expect(shownOf('line\n'.repeat(40)).split('\n')).toHaveLength(20);
    const poem = Array.from({ length: 60 }, (_, at) => (at % 2 ? '' : `verse ${at}`)).join('\n');
    expect(shownOf(poem).endsWith('verse 18')).toBe(true);
  });

  it('cuts no character in two where there are no spaces', () => {
    const family = '👨‍👩‍👧‍👦';
    const shown = shownOf(`x${family.repeat(300)}`);
    expect(shown.slice(1).replaceAll(family, '')).toBe('');
    expect(shown.length).toBeGreaterThan(700);
    expect(shownOf('字'.repeat(4000))).toHaveLength(800);
  });

  it('keeps where a link leads that is cut', () => {
    const href = `https://example.com/${'a'.repeat(3000)}`;
    const text = `see ${href}`;
    const parts = partsOf(text, [{ start: 4, end: text.length, href }]);
    const kept = partsUpTo(parts, 30);
    expect(kept.map(part => part.text).join('')).toBe(text.slice(0, 30));
    expect(kept.at(-1)).toMatchObject({ kind: 'link', href });
  });
});
