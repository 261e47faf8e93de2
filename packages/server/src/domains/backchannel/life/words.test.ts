import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageWords, queryOf } from './words.ts';

describe('BC-8 words', () => {
  it('BC-8 dotless i, accents, ß, final sigma, full width, harakat and tatweel are folded alike', () => {
    for (const same of [
      ['ISPARTA', 'ısparta', 'İsparta', 'isparta'],
      ['Straße', 'STRASSE', 'strasse'],
      ['ΟΔΟΣ', 'οδός', 'οδοσ'],
      ['ＡＢＣ１２', 'abc12'],
      ['مُحَمَّدٌ', 'محمــد', 'محمد'],
      ['أحمد', 'احمد'],
      ['Ångström', 'ANGSTROM'],
      ['ﬁn', 'fin'],
    ])
      expect(new Set(same.map(word => messageWords(word).join())).size, same.join()).toBe(1);
  });

  it('BC-8 marks that make another letter stay', () => {
    expect(messageWords('か')).not.toEqual(messageWords('が'));
    expect(messageWords('की')).not.toEqual(messageWords('का'));
    expect(messageWords('ป่า')).not.toEqual(messageWords('ปา'));
  });

  it('BC-8 a word of any message finds it, whatever was typed, and nothing in a query means anything to a database', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        const words = messageWords(text);
        for (const word of words)
          expect(word).toMatch(/^[\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}]+$/u);
        expect(queryOf(text) === null).toBe(words.length === 0);
        expect(queryOf(text) ?? "'a'").toMatch(/^'[^'\\@]+'(:\*)?( & '[^'\\@]+'(:\*)?)*$/u);
      }),
    );
  });

  it('BC-8 a word without an end is cut, in the message and in the query', () => {
    const [word = ''] = messageWords('x'.repeat(4000));
    expect(word.length).toBe(64);
    expect(queryOf('x'.repeat(4000))).toBe(`'${word}':*`);
  });
});
