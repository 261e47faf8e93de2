import { describe, expect, test } from 'vitest';
import { decodePage } from './charset.ts';
import { readPage } from './page.ts';
import { isHeldBy, oneLine, siteOf } from './policy.ts';

const from = 'https://news.example.org/a/b?c';

describe('BC-23: what a page says of itself', () => {
  test('BC-23 Open Graph comes first, in whatever order and case', () => {
    const facts = readPage(
      `<!doctype html><html><head>
        <title>Plain</title>
        <meta name="description" content="plain">
        <meta name="twitter:title" content="Bird">
        <META PROPERTY="OG:Title" CONTENT="Fish &amp; Chips &#x1F41F;">
        <meta property="og:description" content='It said "yes" &hellip;'>
        <meta property="og:site_name" content="The News">
        <meta property="og:image" content="/pictures/1.jpg">
        <meta property="og:image" content="/pictures/2.jpg">
        <meta name="twitter:image" content="https://cdn.example.net/t.png">
      </head><body></body></html>`,
      from,
    );
    expect(facts).toEqual({
      title: 'Fish & Chips 🐟',
      description: 'It said "yes" …',
      site: 'The News',
      images: ['https://news.example.org/pictures/1.jpg', 'https://cdn.example.net/t.png'],
    });
  });

  test('BC-23 without it, what HTML itself has', () => {
    expect(
      readPage('<title>\n  A <b>page</b>\n</title><meta name=description content=short><p>text', from),
    ).toEqual({
      title: expect.stringContaining('A <b>page</b>'),
      description: 'short',
      site: '',
      images: [],
    });
  });

  test('BC-23 empty words do not stand in the way of others', () => {
    const { title, images } = readPage(
      '<meta property="og:title" content=" "><title>Real</title><meta property="og:image" content="">',
      from,
    );
    expect([title, images]).toEqual(['Real', []]);
  });

  test('BC-23 pictures are relative to what the page calls its base', () => {
    const { images } = readPage(
      '<base href="https://other.example/x/"><meta property="og:image" content="y.png">',
      from,
    );
    expect(images).toEqual(['https://other.example/x/y.png']);
  });

  test('BC-23 the body is not looked at', () => {
    const { title } = readPage('<head></head><body><meta property="og:title" content="in the body">', from);
    expect(title).toBe('');
  });

  // A parser that builds the tree took minutes over some of these; here the work is bounded, whatever the page.
  test.each([
    ['open tags', '<div>'],
    ['formatting', '<a><b><i><u>'],
    ['tables', '<table><tr>x'],
    ['metas', '<meta property="og:image" content="x">'],
    ['quotes that do not end', '<meta content="'],
    ['entities', '&am'],
    ['brackets', '<'],
    ['titles', '<title>'],
    ['scripts', '<script></scrip'],
    ['comments', '<!--<!'],
  ])('BC-23 a megabyte of %s is read, or left, without harm', (_what, piece) => {
    const html = piece.repeat(Math.ceil(1024 ** 2 / piece.length));
    const facts = readPage(html, from);
    expect(facts.title.length).toBeLessThanOrEqual(4000);
    expect(facts.images.length).toBeLessThanOrEqual(5);
  });
});

describe('BC-23: the encoding of a page', () => {
  const cyrillic = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
  test.each([
    ['by HTTP', cyrillic, 'windows-1251', 'Привет'],
    ['by the page', Buffer.concat([Buffer.from('<meta charset="windows-1251">'), cyrillic]), '', 'Привет'],
    [
      'by the page, in the old way',
      Buffer.concat([
        Buffer.from('<META http-equiv=content-type content="text/html; charset=windows-1251">'),
        cyrillic,
      ]),
      '',
      'Привет',
    ],
    ['Japanese', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'shift_jis', '日本'],
    ['a mark before all else', Buffer.from('\ufeffgrüß'), 'iso-8859-1', 'grüß'],
    ['UTF-16 by its mark', Buffer.from('\ufeffgrüß', 'utf16le'), '', 'grüß'],
    ['UTF-8 where nothing is said', Buffer.from('grüß'), '', 'grüß'],
    ['UTF-8 where nonsense is said', Buffer.from('grüß'), 'klingon', 'grüß'],
    ['a page that says UTF-16 and cannot be', Buffer.from('<meta charset=utf-16>grüß'), '', 'grüß'],
    ['bytes that are in no encoding', Buffer.from([0x61, 0xff, 0x62]), 'utf-8', 'a\ufffdb'],
  ])('BC-23 %s', (_what, bytes, charset, text) => {
    expect(decodePage(bytes, charset)).toContain(text);
  });
});

describe('BC-23: what is shown of it', () => {
  test('BC-23 one line, without control characters and without turning what stands around it', () => {
    expect(oneLine(' a\u0000b\r\n\tc \u202ed\u2066e\u2028f\ufeff ', 100)).toBe('a b c de f');
    expect(oneLine('\ud800lone', 100)).toBe('\ufffdlone');
  });

  test('BC-23 no longer than there is room, and never within a character', () => {
    const cut = oneLine('👩‍👩‍👧‍👦'.repeat(100), 200);
    expect(cut.length).toBeLessThanOrEqual(200);
    expect(cut).toMatch(/^(👩‍👩‍👧‍👦)+…$/u);
    expect(oneLine('a'.repeat(300), 200)).toBe(`${'a'.repeat(199)}…`);
    expect(oneLine('a'.repeat(200), 200)).toBe('a'.repeat(200));
    // One cluster that is longer than all the room.
    expect(oneLine(`e${'\u0301'.repeat(5000)}`, 200)).toBe('…');
  });

  test('BC-23 a site by its host', () => {
    expect(siteOf('https://www.example.org:443/x')).toBe('example.org');
  });

  test('BC-23 a held host holds what is below it, and nothing beside it', () => {
    const isHeld = isHeldBy(['Bad.example', '*.worse.example', 'dot.example.']);
    for (const host of [
      'bad.example',
      'BAD.example.',
      'a.b.bad.example',
      'worse.example',
      'x.worse.example',
      'dot.example',
    ])
      expect(isHeld(host)).toBe(true);
    for (const host of ['notbad.example', 'bad.example.org', 'example', 'good.example'])
      expect(isHeld(host)).toBe(false);
  });
});
