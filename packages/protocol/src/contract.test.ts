import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { calls } from './calls/index.ts';
import { type ErrorCode, errors } from './errors.ts';
import { ClientFrame } from './events.ts';
import { findLinks } from './links.ts';
import { openApi } from './openapi.ts';
import { type Conversation, type ConversationOf, MessageText } from './schemas/backchannel.ts';
import { Handle } from './schemas/people.ts';

describe('contract', () => {
  it('names every call once, and only errors that exist', () => {
    const all = Object.values(calls);
    expect(new Set(all.map(call => call.name)).size).toBe(all.length);
    for (const call of all)
      for (const code of call.errors) expect(errors[code as ErrorCode], code).toBeDefined();
  });

  it('has a type for each kind of conversation, also where two kinds share a shape', () => {
    expectTypeOf<ConversationOf<'room'>['kind']>().toEqualTypeOf<'room'>();
    expectTypeOf<ConversationOf<'stage'>['slowSeconds']>().toEqualTypeOf<number>();
    expectTypeOf<ConversationOf<'direct' | 'group'>['kind']>().toEqualTypeOf<'direct' | 'group'>();
    expectTypeOf<ConversationOf<'group'>>().toExtend<Conversation>();
  });

  it('gives each path parameter a schema, and no other', () => {
    for (const [key, call] of Object.entries(calls)) {
      const inPath = [...key.matchAll(/:(\w+)/g)].map(match => match[1]);
      const declared = 'params' in call ? Object.keys(call.params.shape) : [];
      expect(declared.sort(), key).toEqual(inPath.sort());
    }
  });

  it('takes no text and no number that the database could not hold', () => {
    const conversation = crypto.randomUUID();
    expect(ClientFrame.safeParse({ type: 'read', conversation, seq: 2 ** 31 - 1 }).success).toBe(true);
    expect(ClientFrame.safeParse({ type: 'read', conversation, seq: 2 ** 31 }).success).toBe(false);
    const log = calls['GET /v1/conversations/:conversation/log'].query;
    for (const place of ['after', 'before'])
      expect(log.safeParse({ [place]: String(2 ** 31) }).success, place).toBe(false);
    const { body } = calls['POST /v1/rooms/:room/enter'];
    expect(body.safeParse({ device: 'ada’s phone' }).success).toBe(true);
    expect(body.safeParse({ device: 'ada\u0000phone' }).success).toBe(false);
    expect(calls['GET /v1/people'].query.parse({ query: 'ada\u0000b' }).query).toBe('ada b');
  });

  it('becomes an OpenAPI document with an operation per call', () => {
    const document = openApi({ url: 'http://localhost', version: '0' });
    const paths = Object.values(document.paths as Record<string, object>);
    expect(paths.flatMap(path => Object.keys(path))).toHaveLength(Object.keys(calls).length);
    expect(JSON.stringify(document)).toContain('"operationId":"send"');
  });
});

describe('text', () => {
  it('BC-5 keeps line breaks, drops other control characters, refuses emptiness and 4,001 characters', () => {
    expect(MessageText.parse(' a\r\nb\u0000\u0007\tc ')).toBe('a\nb\tc');
    const body = calls['POST /v1/conversations/:conversation/messages'].body;
    const clientId = '01890a5d-ac96-774b-bcce-b302099a8057';
    expect(body.safeParse({ clientId, text: ' \n\u0000 ' }).success).toBe(false);
    expect(body.safeParse({ clientId, attachments: [clientId] }).success).toBe(true);
    expect(MessageText.safeParse('x'.repeat(4000)).success).toBe(true);
    expect(MessageText.safeParse('x'.repeat(4001)).success).toBe(false);
  });

  it('PE-4 handles: letters first, no dots or underscores doubled or last', () => {
    for (const good of ['abc', 'noor.h', 'a_b_c', 'Imani9'])
      expect(Handle.safeParse(good).success, good).toBe(true);
    for (const bad of ['ab', '9ab', 'a..b', 'ab.', 'a b', 'é123', 'x'.repeat(25)])
      expect(Handle.safeParse(bad).success, bad).toBe(false);
  });
});

describe('links', () => {
  it('BC-23 finds links as people write them', () => {
    const hrefs = (text: string) =>
      findLinks(text).map(link => [text.slice(link.start, link.end), link.href]);
    expect(hrefs('see https://example.org/a_(b), ok?')).toEqual([
      ['https://example.org/a_(b)', 'https://example.org/a_(b)'],
    ]);
    expect(hrefs('city-hall.example.org/bikes: here')).toEqual([
      ['city-hall.example.org/bikes', 'https://city-hall.example.org/bikes'],
    ]);
    expect(hrefs('(http://bücher.de.)').map(([shown]) => shown)).toEqual(['http://bücher.de']);
    expect(hrefs('javascript:alert(1) mailto:a@b.de a@b.de ftp://1.2.3.4')).toEqual([]);
  });

  it('BC-23 never finds anything but http and https, inside the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        for (const link of findLinks(text)) {
          expect(link.href).toMatch(/^https?:/);
          expect(link.end).toBeGreaterThan(link.start);
          expect(link.end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
