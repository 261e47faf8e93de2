import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAddress } from './address.ts';
import { cleanBio, searchWords } from './policy.ts';

describe('PE-1: addresses', () => {
  test.each([
    ['ADA.Lovelace+tag@Example.org', 'email', 'ada.lovelace+tag@example.org'],
    ['ada@bücher.example', 'email', 'ada@xn--bcher-kva.example'],
    ['ada@EXAMPLE.Org', 'email', 'ada@example.org'],
    ['+1 (415) 555-0100', 'phone', '+14155550100'],
    ['0044.20.7946.0958', 'phone', '+442079460958'],
    ['＋４９ １５１ ２３４５６７８９', 'phone', '+4915123456789'],
    ['+44 (0)20 7946 0958', 'phone', '+442079460958'],
  ])('PE-1 %s is %s %s', (typed, kind, address) => {
    expect(readAddress(typed)).toEqual({ kind, address });
  });

  test('PE-1 what was read is read as itself again, whatever was typed', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
      fc.stringMatching(/^\+?[\d ()./-]{3,20}$/),
    );
    fc.assert(
      fc.property(typed, text => {
        const read = readAddress(text);
        if (read) expect(readAddress(read.address)).toEqual(read);
        expect(read?.address ?? '').toMatch(/^(\+\d{7,15}|[\x21-\x7e]+@[\x21-\x7e]+)?$/);
      }),
    );
  });
});

describe('PE-4: words and bios', () => {
  test('PE-4 search knows no case, no accents, no punctuation', () => {
    expect(searchWords('Åsa O’Neill-Groß', null, 'søren.łuk_7')).toEqual([
      'asa',
      'o',
      'neill',
      'gross',
      'soren',
      'luk',
      '7',
    ]);
    expect(searchWords('山田 太郎')).toEqual(['山田', '太郎']);
    expect(searchWords("%_' & | ! :* \\")).toEqual([]);
  });

  test('PE-4 words are letters and digits only, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        for (const word of searchWords(text)) expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
      }),
    );
  });

  test('PE-4 a bio that was cleaned stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(cleanBio(cleanBio(text))).toBe(cleanBio(text));
      }),
    );
  });
});
