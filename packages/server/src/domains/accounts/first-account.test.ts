import { describe, expect, test } from 'vitest';
import { accountsBench } from './test/bench.ts';

describe('PE-1: the first account', () => {
  test('PE-1 of two first sign-ins at once, one is the admin', async () => {
    const bench = await accountsBench();
    expect((await bench.call('GET /v1/server')).body).toMatchObject({
      name: 'Sotto',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      firstAccount: true,
      signIn: { email: true, phone: true, printed: true },
    });
    const addresses = Array.from({ length: 6 }, (_, index) => `first${index}@example.org`);
    for (const address of addresses) await bench.call('POST /v1/sign-in/codes', { body: { address } });
    const answers = await Promise.all(
      addresses.map(address =>
        bench.call('POST /v1/sign-in', {
          body: { address, code: bench.codeFor(address), transport: 'token' },
        }),
      ),
    );
    expect(answers.map(answer => answer.status)).toEqual(addresses.map(() => 200));
    expect(answers.filter(answer => answer.body.me.admin)).toHaveLength(1);
    expect((await bench.call('GET /v1/server')).body.firstAccount).toBe(false);
    const late = await bench.signIn('late@example.org');
    expect((await bench.call('GET /v1/me', {}, late)).body.admin).toBe(false);
    await bench.close();
  });
});
