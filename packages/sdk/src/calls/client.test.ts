import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BadServer, startBadServer } from '../test/bad-server.ts';
import { CHAT } from '../test/samples.ts';
import { createCaller } from './client.ts';
import { isSottoError, isTemporary } from './error.ts';
import { buildRequest } from './request.ts';

let server: BadServer;
beforeEach(async () => {
  server = await startBadServer();
});
afterEach(() => server.stop());

const fail = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('the call should fail'),
    error => error,
  );

test('a call brings what the contract says', async () => {
  const call = createCaller({ baseUrl: server.url, token: 't' });
  server.write('hello');
  const { entries, head } = await call('GET /v1/conversations/:conversation/log', {
    params: { conversation: CHAT },
    query: { after: 0, limit: 10 },
  });
  expect([entries[0]?.kind === 'message' && entries[0].message.text, head]).toEqual(['hello', 1]);
});

test('an error carries its code, details, request id and when to come back', async () => {
  const call = createCaller({ baseUrl: server.url });
  server.mishaps.set('/v1/me', [
    { kind: 'status', status: 429, code: 'rate_limited', details: { retryAfter: 7 } },
  ]);
  const error = await fail(call('GET /v1/me'));
  expect(error).toMatchObject({ code: 'rate_limited', status: 429, requestId: 'r3', retryAfter: 7 });
  expect(isSottoError(error, 'rate_limited') && error.details.retryAfter).toBe(7);
  expect(isTemporary(error)).toBe(true);
});

test.each([
  ['a cut connection', { kind: 'dropBefore' }, 'offline'],
  ['no answer in time', { kind: 'hang' }, 'timeout'],
  ['a page of a hotel’s network', { kind: 'html' }, 'bad_reply'],
] as const)('%s is told as such, and is worth another try', async (_, mishap, code) => {
  const call = createCaller({ baseUrl: server.url });
  server.mishaps.set('/v1/me', [mishap]);
  const error = await fail(call('GET /v1/me', { timeout: code === 'timeout' ? 50 : 10_000 }));
  expect(error).toMatchObject({ code });
  expect(isTemporary(error)).toBe(true);
});

test('nobody there is offline', async () => {
  const { url } = server;
  await server.stop();
  expect(await fail(createCaller({ baseUrl: url })('GET /v1/me'))).toMatchObject({ code: 'offline' });
  server = await startBadServer();
});

test('the caller’s own signal ends a call with its reason', async () => {
  const call = createCaller({ baseUrl: server.url });
  server.mishaps.set('/v1/me', [{ kind: 'hang' }]);
  const controller = new AbortController();
  const work = fail(call('GET /v1/me', { signal: controller.signal }));
  controller.abort('enough');
  expect(await work).toBe('enough');
});

test('paths and queries are escaped, and absent ones left out', () => {
  const { url, init } = buildRequest(
    'GET /v1/people/:handle',
    { params: { handle: '../me' }, query: { after: undefined, query: 'a b&c' } },
    'https://sotto.example/',
    'secret',
  );
  expect(url).toBe('https://sotto.example/v1/people/..%2Fme?query=a+b%26c');
  expect(init.headers).toMatchObject({ authorization: 'Bearer secret' });
});
