import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerptOf, isNamed, piecesOf } from './search.ts';

const marked = (text: string, query: string) =>
  piecesOf(text, query)
    .map(({ text: part, hit }) => (hit ? `[${part}]` : part))
    .join('');

describe('BC-8 what a search marks', () => {
  test.each([
    ['Meet me at the Straße', 'stra', 'Meet me at the [Stra]ße'],
    ['Meet me at the Straße', 'strasse', 'Meet me at the [Straße]'],
    ['ISPARTA ılık', 'ıs ilik', '[IS]PARTA [ılık]'],
    ['Ångström and angst', 'angs', '[Ångs]tröm and [angs]t'],
    ['مُحَمَّد هنا', 'محمد', '[مُحَمَّد] هنا'],
    ['山田太郎さん', '太郎', '山田[太郎]さん'],
    ['كتابة جديدة', 'كتابه', '[كتابة] جديدة'],
    ['Þórður í húsi', 'thordur', '[Þórður] í húsi'],
    ['party 🎉', '🎉', 'party [🎉]'],
    ['nothing here', 'x', 'nothing here'],
  ])('BC-8 %s by %s', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
  });

  test('BC-8 the pieces are the text, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, query) => {
        expect(
          piecesOf(text, query)
            .map(piece => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('BC-8 a conversation is found by its name when every word of the search is in it, signs too', () => {
    expect(isNamed('Jörg & Ann Anders', 'ann jor')).toBe(true);
    expect(isNamed('Ann Anders', 'an b')).toBe(false);
    expect(isNamed('🦊🌙✨', '🦊')).toBe(true);
    expect(isNamed('🦊🌙✨', '🌞')).toBe(false);
    expect(isNamed('Ann', '…')).toBe(false);
  });

  test('BC-8 the first hit is near the beginning of the line', () => {
    const [first, second] = excerptOf(`${'word '.repeat(50)}needle and more`, 'needle');
    expect(first?.text.length).toBeLessThan(35);
    expect(second).toEqual({ text: 'needle', hit: true });
  });
});
