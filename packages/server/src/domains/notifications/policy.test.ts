import { describe, expect, test } from 'vitest';
import { isQuiet, isWanted, maySilently, payloadOf, quietUntil, retryIn } from './policy.ts';

const now = new Date('2026-11-22T12:00:00Z');
const all = { direct: true, groups: true, mentions: true, quiet: null, hideText: false };

describe('BC-31: quiet hours', () => {
  // At noon in London it is 13:00 in Lagos, 17:30 in Kolkata, 01:00 on Chatham's next day (summer), 04:00 in Los Angeles.
  test.each([
    ['10:00', '14:00', 'Europe/London', true],
    ['12:00', '12:01', 'Europe/London', true],
    ['11:00', '12:00', 'Europe/London', false],
    ['12:01', '13:00', 'Europe/London', false],
    ['22:00', '07:00', 'Europe/London', false],
    ['22:00', '07:00', 'America/Los_Angeles', true],
    ['22:00', '03:59', 'America/Los_Angeles', false],
    ['17:30', '17:31', 'Asia/Kolkata', true],
    ['17:31', '17:29', 'Asia/Kolkata', false],
    ['00:00', '06:00', 'Pacific/Chatham', true],
    ['13:00', '13:00', 'Africa/Lagos', true],
    ['04:00', '04:00', 'Africa/Lagos', true],
  ])('BC-31 from %s to %s in %s: %s', (from, to, timeZone, quiet) => {
    expect(isQuiet({ from, to, timeZone }, now)).toBe(quiet);
  });

  test('BC-31 they follow the clock, also when it is turned back for winter', () => {
    const quiet = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    // 06:30 in summer time, and 06:30 in winter time a day later.
    expect(isQuiet(quiet, new Date('2026-10-24T04:30:00Z'))).toBe(true);
    expect(isQuiet(quiet, new Date('2026-10-24T05:30:00Z'))).toBe(false);
    expect(isQuiet(quiet, new Date('2026-10-25T05:30:00Z'))).toBe(true);
    expect(isQuiet(quiet, new Date('2026-10-25T06:30:00Z'))).toBe(false);
  });
});

describe('BC-31: the end of quiet hours', () => {
  test.each([
    ['10:00', '14:00', 'Europe/London', '2026-11-22T14:00:00Z'],
    ['12:00', '12:01', 'Europe/London', '2026-11-22T12:01:00Z'],
    ['22:00', '07:00', 'America/Los_Angeles', '2026-11-22T15:00:00Z'],
    ['17:00', '16:59', 'Asia/Kolkata', '2026-11-23T11:29:00Z'],
    ['00:00', '06:00', 'Pacific/Chatham', '2026-11-22T16:15:00Z'],
  ])('BC-31 from %s to %s in %s: at %s', (from, to, timeZone, end) => {
    const at = new Date(now.getTime() + 12_345);
    expect(quietUntil({ from, to, timeZone }, at)).toEqual(new Date(end));
  });

  test('BC-31 all day is for ever', () => {
    expect(quietUntil({ from: '08:00', to: '08:00', timeZone: 'Africa/Lagos' }, now)).toBeNull();
  });

  test('BC-31 it follows the clock, when that is put forward or back before then', () => {
    const quiet = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    expect(quietUntil(quiet, new Date('2026-10-24T21:00:00Z'))).toEqual(new Date('2026-10-25T06:00:00Z'));
    expect(quietUntil(quiet, new Date('2026-03-28T22:00:00Z'))).toEqual(new Date('2026-03-29T05:00:00Z'));
  });
});

describe('BC-31: what one hears of', () => {
  test.each([
    ['direct', false, {}, true],
    ['direct', true, { direct: false }, false],
    ['group', false, {}, true],
    ['group', false, { groups: false }, false],
    ['group', true, { groups: false }, true],
    ['group', true, { groups: false, mentions: false }, false],
    ['room', false, {}, false],
    ['room', true, {}, true],
    ['stage', true, { mentions: false }, false],
  ] as const)('BC-31 %s, mentioned %s, %j: %s', (kind, mentioned, choices, wanted) => {
    expect(isWanted({ ...all, ...choices }, kind, mentioned)).toBe(wanted);
  });

  const notice = {
    kind: 'group' as const,
    seq: 3,
    title: 'Friends',
    from: 'Ada',
    text: 'hi there',
    what: 'image' as const,
    picture: { small: '/files/s.webp', large: '/files/l.webp' },
    at: now.toISOString(),
    count: 2,
  };
  const facts = { conversation: 'c', badge: 4, hideText: false, silent: false };

  test('BC-31 hidden, it says who and not what', () => {
    expect(payloadOf(notice, facts)).toMatchObject({
      title: 'Friends',
      from: 'Ada',
      body: 'hi there',
      what: 'image',
    });
    const hidden = payloadOf(notice, { ...facts, hideText: true });
    expect(hidden).toMatchObject({ title: 'Friends', from: 'Ada', badge: 4, count: 2 });
    expect(JSON.stringify(hidden)).not.toMatch(/hi there|image/);
  });

  test('BC-31 a long text is cut, never within a character', () => {
    const long = payloadOf({ ...notice, text: '👩‍👩‍👧‍👦'.repeat(300) }, facts);
    if (long.kind !== 'message') throw new Error('kind');
    expect(long.body?.length).toBeLessThanOrEqual(240);
    expect(long.body).toMatch(/^(👩‍👩‍👧‍👦)+…$/u);
    expect(
      Buffer.byteLength(
        JSON.stringify(payloadOf({ ...notice, text: '汉'.repeat(4000), title: '汉'.repeat(120) }, facts)),
      ),
    ).toBeLessThan(3500);
  });

  test('BC-31 Apple’s service gets no push without a notification', () => {
    expect(maySilently('https://web.push.apple.com/x')).toBe(false);
    expect(maySilently('https://fcm.googleapis.com/x')).toBe(true);
    expect(maySilently('https://push.apple.com.example.org/x')).toBe(true);
  });

  test('BC-31 a service is asked again when it says, else ever later, and within reason', () => {
    expect(retryIn(0, null, now)).toBe(5000);
    expect(retryIn(3, null, now)).toBe(40_000);
    expect(retryIn(30, null, now)).toBe(3_600_000);
    expect(retryIn(0, '120', now)).toBe(120_000);
    expect(retryIn(0, '999999', now)).toBe(6 * 3_600_000);
    expect(retryIn(0, new Date(now.getTime() + 60_000).toUTCString(), now)).toBe(60_000);
    expect(retryIn(0, 'soon', now)).toBe(5000);
  });
});
