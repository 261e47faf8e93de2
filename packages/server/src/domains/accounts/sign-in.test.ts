import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccountsBench, accountsBench } from './test/bench.ts';

let bench: AccountsBench;
beforeAll(async () => {
  bench = await accountsBench();
});
afterAll(() => bench.close());

const MINUTE = 60_000;
const request = (address: string) => bench.call('POST /v1/sign-in/codes', { body: { address } });
const signIn = (address: string, code: string, transport = 'token') =>
  bench.call('POST /v1/sign-in', { body: { address, code, transport } });
/** A code that is not this one. */
const other = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');

describe('PE-1: sign-in by a code', () => {
  test('PE-1 a code printed for an address opens a session, and an account where there was none', async () => {
    const sent = await request(' Ada@Example.ORG ');
    expect(sent.status).toBe(200);
    expect(sent.body).toMatchObject({ kind: 'email', address: 'ada@example.org' });
    expect(bench.printed.at(-1)).toMatch(/^Sign-in code for ada@example\.org: \d{3} \d{3}\n$/);
    const first = await signIn('ada@example.org', bench.codeFor('ada@example.org'));
    expect(first.status).toBe(200);
    expect(first.body.token).toMatch(/^[\w-]{43}$/);
    expect(first.body.me).toMatchObject({ handle: null, complete: false });
    expect(first.body.me.addresses).toEqual([{ kind: 'email', address: 'ada@example.org' }]);
    const again = await bench.signIn('ada@example.org');
    expect(again.id).toBe(first.body.me.id);
    expect(again.token).not.toBe(first.body.token);
  });

  test('PE-1 a phone number is understood however it is written', async () => {
    const sent = await request('0049 (0)151 / 234-567 89');
    expect(sent.body).toMatchObject({ kind: 'phone', address: '+4915123456789' });
    const { status, body } = await signIn('+49 151 23456789', bench.codeFor('+4915123456789'));
    expect(status).toBe(200);
    expect(body.me.addresses).toEqual([{ kind: 'phone', address: '+4915123456789' }]);
  });

  test.each([
    '0151 23456789',
    '+0151234567',
    '+1234',
    '+1234567890123456',
    'ada@localhost',
    'ada@@example.org',
    '.ada@example.org',
    'a b@example.org',
    'ada@example.org\r\nBcc: all@example.org',
    'ada@-example.org',
    'just words',
  ])('PE-1 %j is no address: the answer names the field', async address => {
    const { status, error } = await request(address);
    expect(status).toBe(400);
    expect(error.code).toBe('invalid_input');
    expect(error.details).toMatchObject({ issues: [{ path: 'body.address', problem: 'format' }] });
  });

  test('PE-1 a cookie for a browser, and no token in the body', async () => {
    await request('cookie@example.org');
    const { body, headers } = await signIn(
      'cookie@example.org',
      bench.codeFor('cookie@example.org'),
      'cookie',
    );
    expect(body.token).toBeNull();
    expect(String(headers['set-cookie'])).toMatch(/^sotto=[\w-]{43};.*HttpOnly/);
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const me = await bench.call('GET /v1/me', {}, { headers: { cookie } });
    expect(me.body.id).toBe(body.me.id);
  });

  test('PE-1 five tries: the sixth does not help, though the code is right', async () => {
    await request('tries@example.org');
    const code = bench.codeFor('tries@example.org');
    for (const triesLeft of [4, 3, 2, 1, 0]) {
      const { status, error } = await signIn('tries@example.org', other(code));
      expect([status, error.code, error.details]).toEqual([400, 'code_wrong', { triesLeft }]);
    }
    expect((await signIn('tries@example.org', code)).error.code).toBe('code_expired');
  });

  test('PE-1 guesses made at once are counted like guesses made in turn', async () => {
    await request('burst@example.org');
    const code = bench.codeFor('burst@example.org');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => signIn('burst@example.org', other(code, index + 1))),
    );
    expect(answers.filter(answer => answer.error.code === 'code_wrong')).toHaveLength(5);
    expect(answers.filter(answer => answer.error.code === 'code_expired')).toHaveLength(15);
    expect((await signIn('burst@example.org', code)).error.code).toBe('code_expired');
  });

  test('PE-1 the fifth try may be the right one', async () => {
    await request('fifth@example.org');
    const code = bench.codeFor('fifth@example.org');
    for (let wrong = 0; wrong < 4; wrong += 1) await signIn('fifth@example.org', other(code));
    expect((await signIn('fifth@example.org', code)).status).toBe(200);
  });

  test('PE-1 one use: of sign-ins with the same code at once, one wins', async () => {
    await request('race@example.org');
    const code = bench.codeFor('race@example.org');
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn('race@example.org', code)));
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1);
    expect(answers.filter(answer => answer.error?.code === 'code_expired')).toHaveLength(4);
    expect((await signIn('race@example.org', code)).error.code).toBe('code_expired');
  });

  test('PE-1 a code works for ten minutes', async () => {
    await request('late@example.org');
    const code = bench.codeFor('late@example.org');
    bench.platform.pass(10 * MINUTE - 5000);
    expect((await signIn('late@example.org', other(code))).error.code).toBe('code_wrong');
    bench.platform.pass(5000);
    expect((await signIn('late@example.org', code)).error.code).toBe('code_expired');
  });

  test('PE-1 a new code replaces the old one, with its tries', async () => {
    await request('two@example.org');
    const old = bench.codeFor('two@example.org');
    await signIn('two@example.org', other(old));
    await request('two@example.org');
    const code = bench.codeFor('two@example.org');
    if (old !== code) {
      const { error } = await signIn('two@example.org', old);
      expect([error.code, error.details]).toEqual(['code_wrong', { triesLeft: 4 }]);
    }
    expect((await signIn('two@example.org', code)).status).toBe(200);
  });

  test('PE-1 a code is of no use for another address', async () => {
    await request('mine@example.org');
    await request('yours@example.org');
    const code = bench.codeFor('mine@example.org');
    if (code === bench.codeFor('yours@example.org')) return;
    expect((await signIn('yours@example.org', code)).error.code).toBe('code_wrong');
  });

  test('PE-1 five codes an hour to one address, from wherever they are asked for, and it says how long to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 7 }, () => request('flood@example.org')));
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(5);
    const refused = answers.filter(answer => answer.status === 429);
    expect(refused).toHaveLength(2);
    for (const { error, headers } of refused) {
      const { retryAfter } = error.details;
      expect(retryAfter).toBeGreaterThan(3590);
      expect(retryAfter).toBeLessThanOrEqual(3600);
      expect(headers['retry-after']).toBe(String(retryAfter));
    }
    bench.platform.pass(60 * MINUTE);
    expect((await request('flood@example.org')).status).toBe(200);
    expect((await request('flood@example.org')).status).toBe(200);
  });

  test('PE-1 a spent code does not reset the count of the hour', async () => {
    for (let count = 0; count < 5; count += 1) await bench.signIn('often@example.org');
    expect((await request('often@example.org')).status).toBe(429);
  });

  test('PE-1 known and unknown addresses get the same answer', async () => {
    await bench.signIn('known@example.org');
    const known = await request('known@example.org');
    const unknown = await request('unknown@example.org');
    const shape = ({ status, body }: typeof known) => ({
      status,
      keys: Object.keys(body),
      kind: body.kind,
    });
    expect(shape(known)).toEqual(shape(unknown));
    const wrongKnown = await signIn('known@example.org', other(bench.codeFor('known@example.org')));
    const wrongUnknown = await signIn('unknown@example.org', other(bench.codeFor('unknown@example.org')));
    expect(wrongKnown.error.details).toEqual(wrongUnknown.error.details);
    const never = await signIn('never@example.org', '123456');
    await bench.signIn('spent@example.org');
    expect((await signIn('spent@example.org', '123456')).error.code).toBe(never.error.code);
  });

  test('PE-1 neither codes nor tokens are readable in the database, nor in the log', async () => {
    await request('secret@example.org');
    const code = bench.codeFor('secret@example.org');
    const { body } = await signIn('secret@example.org', code);
    await request('secret@example.org');
    const codes = await bench.platform.db.selectFrom('sign_in_codes').selectAll().execute();
    const sessions = await bench.platform.db.selectFrom('sessions').selectAll().execute();
    for (const row of codes) expect(row.code_hash.toString('latin1')).not.toContain(code);
    const waiting = codes.find(row => row.address === 'secret@example.org');
    expect(waiting?.code_hash).toHaveLength(48);
    expect(JSON.stringify(sessions)).not.toContain(body.token);
    for (const row of sessions) expect(row.token_hash).toHaveLength(32);
    expect(bench.platform.logged.join('')).not.toContain(code);
  });

  test('PE-1 codes that are over are swept away, waiting ones and the count of the hour stay', async () => {
    await request('swept@example.org');
    bench.platform.pass(30 * MINUTE);
    await request('kept@example.org');
    bench.platform.pass(30 * MINUTE);
    await bench.accounts.sweep();
    const rows = await bench.platform.db.selectFrom('sign_in_codes').select('address').execute();
    const addresses = rows.map(row => row.address);
    expect(addresses).not.toContain('swept@example.org');
    expect(addresses).toContain('kept@example.org');
  });

  test('PE-9 nobody signs in to a suspended account until it is over, and hears until when', async () => {
    const { id } = await bench.signIn('suspended@example.org');
    const until = new Date(bench.platform.now().getTime() + 60 * MINUTE);
    await bench.platform.transact(work => bench.accounts.suspend(work, id, until));
    await request('suspended@example.org');
    const refused = await signIn('suspended@example.org', bench.codeFor('suspended@example.org'));
    expect(refused.status).toBe(403);
    expect(refused.error).toMatchObject({ code: 'suspended', details: { until: until.toISOString() } });
    expect((await bench.accounts.standing(id)).suspendedUntil).toEqual(until);
    bench.platform.pass(61 * MINUTE);
    await request('suspended@example.org');
    const after = await signIn('suspended@example.org', bench.codeFor('suspended@example.org'));
    expect(after.status).toBe(200);
  });
});
