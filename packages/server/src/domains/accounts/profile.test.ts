import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccountsBench, accountsBench } from './test/bench.ts';

let bench: AccountsBench;
beforeAll(async () => {
  bench = await accountsBench();
});
afterAll(() => bench.close());

const change = (token: string, body: Record<string, unknown>) =>
  bench.call('PATCH /v1/me', { body }, { token });
const free = async (token: string, handle: string) =>
  (await bench.call('GET /v1/handles/:handle', { params: { handle } }, { token })).body;

describe('PE-4: handle, name, bio', () => {
  test('PE-4 a profile is complete once it has handle and name, and all own devices hear of it', async () => {
    const { token, id } = await bench.signIn('new@people.test');
    expect((await change(token, { handle: 'New.One' })).body).toMatchObject({
      handle: 'new.one',
      complete: false,
    });
    expect((await bench.accounts.people([id])).size).toBe(0);
    const { body } = await change(token, { name: ' Nora\n One ', bio: 'Line\r\n\r\n\r\n\r\nline\u0007' });
    expect(body).toMatchObject({ name: 'Nora One', bio: 'Line\n\nline', complete: true, picture: null });
    expect(bench.platform.heard.at(-1)).toEqual({
      kind: 'frame',
      to: { accounts: [id] },
      frame: { type: 'me', me: body },
    });
    expect((await bench.accounts.people([id])).get(id)).toEqual({
      id,
      handle: 'new.one',
      name: 'Nora One',
      picture: null,
      newcomer: true,
    });
  });

  test('PE-4 a handle belongs to one: of two who take it at once, one gets it', async () => {
    const people = await Promise.all(['h1', 'h2', 'h3'].map(each => bench.signIn(`${each}@people.test`)));
    const answers = await Promise.all(people.map(({ token }) => change(token, { handle: 'wanted' })));
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409, 409]);
    for (const { error } of answers) if (error) expect(error.code).toBe('handle_taken');
  });

  test('PE-4 a refused change changes nothing', async () => {
    await bench.person('holder');
    const person = await bench.person('keeper', 'Keeper');
    const { error } = await change(person.token, { handle: 'holder', name: 'Other' });
    expect(error.code).toBe('handle_taken');
    const { body } = await bench.call('GET /v1/me', {}, person);
    expect(body).toMatchObject({ handle: 'keeper', name: 'Keeper' });
  });

  test('PE-4 a handle can be asked for before: free, taken, reserved, one’s own', async () => {
    const person = await bench.person('asker');
    await bench.person('taken.one');
    expect(await free(person.token, 'Nobody.Has.This')).toEqual({ handle: 'nobody.has.this', free: true });
    expect((await free(person.token, 'taken.one')).free).toBe(false);
    expect((await free(person.token, 'asker')).free).toBe(true);
    for (const reserved of ['admin', 'sotto', 'support', 's.otto', 'ad_min'])
      expect((await free(person.token, reserved)).free).toBe(false);
  });

  test.each(['admin', 'sotto', 'support', 'Moderator'])('PE-4 %s is reserved', async handle => {
    const { token } = await bench.signIn('pretender@people.test');
    expect((await change(token, { handle })).error.code).toBe('handle_taken');
    bench.platform.pass(3_600_000);
  });

  test.each([
    [{ handle: '1st' }, 'body.handle'],
    [{ handle: 'a' }, 'body.handle'],
    [{ handle: 'two..dots' }, 'body.handle'],
    [{ handle: 'spa ce' }, 'body.handle'],
    [{ name: '' }, 'body.name'],
    [{ name: '\u200b\u2060' }, 'body.name'],
    [{ name: 'x'.repeat(61) }, 'body.name'],
    [{ bio: 'x'.repeat(501) }, 'body.bio'],
    [{ admin: true }, 'body.admin'],
    [{ id: 'x' }, 'body.id'],
  ])('PE-4 %j is refused by the name of its field', async (body, path) => {
    const { token } = await bench.signIn('wrong@people.test');
    const { error } = await change(token, body);
    expect(error.code).toBe('invalid_input');
    expect(error.details).toMatchObject({ issues: [{ path }] });
    bench.platform.pass(3_600_000);
  });

  test('PE-4 a name cannot turn the text around it', async () => {
    const { token } = await bench.signIn('bidi@people.test');
    expect((await change(token, { name: '\u202eevil\u202c \u2067x\u2069' })).body.name).toBe('evil x');
  });

  test('PE-4 an account is a newcomer for 7 days', async () => {
    const { id } = await bench.person('newcomer');
    const newcomer = async () => (await bench.accounts.people([id])).get(id)?.newcomer;
    bench.platform.pass(7 * 24 * 3_600_000 - 60_000);
    expect(await newcomer()).toBe(true);
    bench.platform.pass(60_000);
    expect(await newcomer()).toBe(false);
  });

  test('PE-4 changes made at once to different fields are all kept', async () => {
    const { token } = await bench.signIn('both@people.test');
    await Promise.all([
      change(token, { handle: 'both' }),
      change(token, { name: 'Both' }),
      change(token, { bio: 'All of it' }),
    ]);
    expect((await bench.call('GET /v1/me', {}, { token })).body).toMatchObject({
      handle: 'both',
      name: 'Both',
      bio: 'All of it',
      complete: true,
    });
  });
});
