import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CallKey, type CallSpec, calls } from '@sotto/protocol';
import { newId } from '@sotto/sdk';
import { type Network, type NetworkPerson, startNetwork } from '@sotto/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { soon } from '../soon.ts';
import { raw } from './wire.ts';

let network: Network;
let imani: NetworkPerson;
let auth: Record<string, string>;
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  network = await startNetwork();
  imani = await network.person('Imani Okafor', { online: false });
  auth = { authorization: `Bearer ${imani.token}` };
});
afterAll(() => network?.stop());

const patchMe = (body: string | Buffer, headers: Record<string, string> = json) =>
  raw(network.url(), 'PATCH', '/v1/me', { headers: { ...auth, ...headers }, body });

describe('bad input names the field', () => {
  it('refuses JSON that is none', async () => {
    const reply = await patchMe('{"name": ');
    expect(reply).toMatchObject({ status: 400, code: 'invalid_input' });
    expect(reply.details).toEqual({ issues: [{ path: 'body', problem: 'format', expected: 'valid JSON' }] });
  });

  it('refuses a wrong type, a long text, and a field that is not in the contract', async () => {
    const reply = await patchMe(JSON.stringify({ name: 7, bio: 'x'.repeat(501), admin: true }));
    expect(reply).toMatchObject({ status: 400, code: 'invalid_input' });
    const issues = reply.details?.issues as { path: string; problem: string }[];
    expect(issues.map(({ path, problem }) => `${path} ${problem}`).sort()).toEqual([
      'body.admin unknown_field',
      'body.bio too_long',
      'body.name type',
    ]);
  });

  it('refuses a body where an object is asked for, arrays and null among them', async () => {
    for (const body of ['[]', 'null', '"text"', '3'])
      expect(await patchMe(body), body).toMatchObject({ status: 400, code: 'invalid_input' });
  });

  it('refuses a prototype in the body', async () => {
    expect(await patchMe('{"__proto__": {"admin": true}}')).toMatchObject({ status: 400 });
    expect(await patchMe('{"constructor": {"prototype": {"admin": true}}}')).toMatchObject({ status: 400 });
  });

  it('refuses parameters and queries that are not what they should be', async () => {
    for (const path of [
      '/v1/rooms/none/snapshot',
      `/v1/conversations/${newId()}/log?limit=0`,
      `/v1/conversations/${newId()}/log?limit=many`,
      `/v1/conversations/${newId()}/log?after=1&before=9`,
      '/v1/people?limit=9999',
      '/v1/people?unknown=1',
      '/v1/people/%00',
    ])
      expect(await raw(network.url(), 'GET', path, { headers: auth }), path).toMatchObject({
        status: 400,
        code: 'invalid_input',
      });
  });

  it('refuses what no table can hold, and cleans it where people type', async () => {
    const as = (method: string, path: string, body: object) =>
      raw(network.url(), method, path, { headers: { ...auth, ...json }, body: JSON.stringify(body) });
    const report = { conversation: newId(), reason: 'spam', note: 'a\0b' };
    expect(await as('POST', '/v1/reports', report)).toMatchObject({
      status: 400,
      details: { issues: [{ path: 'body.note', problem: 'format' }] },
    });
    const keys = { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) };
    for (const endpoint of ['https://push.example/\0', 'https://push.example/\ud800'])
      expect(await as('PUT', '/v1/me/push', { endpoint, keys })).toMatchObject({
        status: 400,
        details: { issues: [{ path: 'body.endpoint', problem: 'format' }] },
      });
    const made = await as('POST', '/v1/groups', { clientId: newId(), title: 'half \ud83d\0' });
    const { id, title } = JSON.parse(made.text) as { id: string; title: string };
    expect(title).toBe('half \ufffd');
    const renamed = await as('PATCH', `/v1/groups/${id}`, { title: '\udc00 half' });
    expect(JSON.parse(renamed.text)).toMatchObject({ title: '\ufffd half' });
    // Both are one text, so that the second is the first again (RT-2).
    const clientId = newId();
    for (const text of ['cut \ud83d', 'cut \ufffd']) {
      const sent = await as('POST', `/v1/conversations/${id}/messages`, { clientId, text });
      expect(JSON.parse(sent.text)).toMatchObject({ seq: 3 });
    }
  });

  it('refuses pages that never were', async () => {
    const places = [
      ['conversations', [true, 8.64e15, newId()]],
      ['requests', [Number.MAX_SAFE_INTEGER, 0, newId()]],
      ['requests', [2 ** 31 - 1, 8.64e15, newId()]],
      ['admin/reports', [8.64e15, newId()]],
    ] as const;
    for (const [path, place] of places) {
      const after = Buffer.from(JSON.stringify(place)).toString('base64url');
      const { status } = await raw(network.url(), 'GET', `/v1/${path}?after=${after}`, { headers: auth });
      expect([200, 400], `${path} ${place[0]}`).toContain(status);
    }
  });

  it('refuses a body that is too large, too large as said, and of another type', async () => {
    const large = await patchMe(JSON.stringify({ bio: 'x'.repeat(70_000) }));
    expect(large).toMatchObject({ status: 413, code: 'too_large', details: { maxBytes: 65_536 } });
    expect(await patchMe('bio=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
    const picture = await raw(network.url(), 'PUT', '/v1/me/picture', {
      headers: { ...auth, 'content-type': 'image/svg+xml' },
      body: '<svg/>',
    });
    expect(picture).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('answers a path that is no call, and a method that is none, in the same shape', async () => {
    expect(await raw(network.url(), 'GET', '/v1/nothing', { headers: auth })).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    for (const [path, status, code] of [
      ['/v1/rooms/%zz', 400, 'invalid_input'],
      [`/v1/rooms/${'x'.repeat(300)}`, 404, 'not_found'],
    ] as const)
      expect(await raw(network.url(), 'GET', path, { headers: auth }), path).toMatchObject({ status, code });
    const reply = await raw(network.url(), 'DELETE', '/v1/server', { headers: auth });
    expect([404, 405]).toContain(reply.status);
    expect(reply.code).toBeDefined();
  });

  it('answers what is not HTTP at all in the same shape', async () => {
    const socket = connect(Number(new URL(network.url()).port), '127.0.0.1');
    socket.end('GARBAGE\r\n\r\n');
    const reply = await text(socket);
    expect(reply).toMatch(/^HTTP\/1.1 400 /);
    expect(JSON.parse(reply.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('keeps its shape for whatever a client makes up', async () => {
    const keys = Object.keys(calls) as CallKey[];
    const wild = fc.oneof(
      fc.jsonValue().map(value => JSON.stringify(value)),
      fc.string(),
      fc.constant(`{"a":`.repeat(2000)),
    );
    const segment = fc.oneof(
      fc.uuid(),
      fc.string({ minLength: 1, maxLength: 40 }).map(text => encodeURIComponent(text.toWellFormed())),
    );
    // What ends the session it comes with is walked elsewhere.
    const walkable = keys.filter(key => !/sign-out|DELETE \/v1\/me\/sessions/.test(key));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...walkable),
        fc.array(segment, { minLength: 3, maxLength: 3 }),
        wild,
        async (key, segments, body) => {
          const [method = '', path = ''] = key.split(' ');
          let at = 0;
          const filled = path.replace(/:\w+/g, () => segments[at++] ?? 'x');
          const spec: CallSpec = calls[key];
          const reply = await raw(network.url(), method, filled, {
            headers: { ...auth, ...(spec.bytes ? { 'content-type': 'image/png' } : json) },
            ...(method !== 'GET' && { body }),
          });
          expect(reply.status, `${method} ${filled} ${body}: ${reply.text}`).toBeLessThan(500);
          if (reply.status >= 400) expect(reply.code, reply.text).toBeDefined();
        },
      ),
      { numRuns: 300 },
    );
    expect(network.log.filter(line => line.level >= 50)).toEqual([]);
  });
});

describe('the browser is told what it may do', () => {
  it('sends a strict policy and its like with every reply', async () => {
    for (const path of ['/v1/server', '/', '/v1/none']) {
      const { headers } = await raw(network.url(), 'GET', path, { headers: { accept: 'text/html' } });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'x-frame-options': 'DENY',
      });
      expect(headers['permissions-policy']).toContain('microphone=(self)');
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('does not let a reply with data be kept', async () => {
    const { headers } = await raw(network.url(), 'GET', '/v1/me', { headers: auth });
    expect(headers['cache-control']).toBe('no-store');
  });
});

it('BC-20 what is shared before the app’s worker is there is not read, and leads to where the app says so', async () => {
  const body = Buffer.concat([
    Buffer.from('--x\r\ncontent-disposition: form-data; name="files"; filename="a.png"\r\n\r\n'),
    Buffer.alloc(1024 * 1024),
    Buffer.from('\r\n--x--\r\n'),
  ]);
  for (const type of ['multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'text/plain']) {
    // As browsers send it: from no page at all.
    const headers = { origin: 'null', 'content-type': type };
    const reply = await raw(network.url(), 'POST', '/share', { headers, body });
    expect(reply, type).toMatchObject({ status: 303, headers: { location: '/share?lost' } });
  }
  const page = await raw(network.url(), 'GET', '/share?lost', { headers: { accept: 'text/html' } });
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('id="app"') });
});

describe('RT-8 other sites get nowhere', () => {
  let cookie: string;
  beforeAll(async () => {
    await raw(network.url(), 'POST', '/v1/sign-in/codes', {
      headers: json,
      body: JSON.stringify({ address: imani.address }),
    });
    const reply = await raw(network.url(), 'POST', '/v1/sign-in', {
      headers: json,
      body: JSON.stringify({
        address: imani.address,
        code: await network.mailbox.code(imani.address),
        transport: 'cookie',
      }),
    });
    const [set = ''] = reply.headers['set-cookie'] as string[];
    expect(set).toMatch(/HttpOnly/i);
    expect(set).toMatch(/SameSite=Lax/i);
    expect(reply.text).not.toContain(set.split('=')[1]?.split(';')[0]);
    cookie = set.split(';')[0] ?? '';
  });

  it('refuses a POST from another origin that carries our cookie', async () => {
    for (const origin of ['https://evil.test', 'null', `${network.url()}.evil.test`, 'http://127.0.0.1:1'])
      expect(
        await raw(network.url(), 'PATCH', '/v1/me', {
          headers: { cookie, origin, ...json },
          body: '{"bio":"stolen"}',
        }),
        origin,
      ).toMatchObject({ status: 403, code: 'origin_not_allowed' });
    const own = await raw(network.url(), 'PATCH', '/v1/me', {
      headers: { cookie, origin: network.url(), ...json },
      body: '{"bio":"mine"}',
    });
    expect(own.status).toBe(200);
  });

  it('refuses a WebSocket from another origin, and one without a ticket', async () => {
    const { ticket } = await imani.call('POST /v1/socket-tickets');
    const url = network.url().replace('http', 'ws');
    const status = (path: string, origin: string) =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`${url}${path}`, 'sotto.1', { origin, headers: { cookie } });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => {
          socket.terminate();
          resolve(101);
        });
        socket.on('error', reject);
      });
    expect(await status(`/socket?ticket=${ticket}`, 'https://evil.test')).toBe(403);
    expect(await status('/socket', network.url())).toBe(400);
    expect(await status(`/socket?ticket=${'x'.repeat(43)}`, network.url())).toBe(401);
  });

  it('takes a ticket once', async () => {
    const { ticket } = await imani.call('POST /v1/socket-tickets');
    const open = () =>
      new Promise<boolean>(resolve => {
        const url = `${network.url().replace('http', 'ws')}/socket?ticket=${ticket}`;
        const socket = new WebSocket(url, 'sotto.1');
        socket.on('open', () => {
          socket.terminate();
          resolve(true);
        });
        socket.on('error', () => resolve(false));
      });
    expect(await open()).toBe(true);
    expect(await open()).toBe(false);
  });
});

describe('limits', () => {
  it('PE-1 says 429 with Retry-After past a call’s limit, and counts per account', async () => {
    await using limited = await startNetwork({ limitFactor: 1 });
    const noor = await limited.person('Noor Haddad', { online: false });
    const sven = await limited.person('Sven Berg', { online: false });
    const check = (token: string) =>
      raw(limited.url(), 'GET', '/v1/handles/free.one', { headers: { authorization: `Bearer ${token}` } });
    for (let count = 0; count < 120; count += 1) expect((await check(noor.token)).status).toBe(200);
    const refused = await check(noor.token);
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.details?.retryAfter).toBe(Number(refused.headers['retry-after']));
    expect((await check(sven.token)).status).toBe(200);
  });
});

describe('faults', () => {
  it('tells nothing of the inside when the database is gone, and stays up', async () => {
    await using broken = await startNetwork();
    const person = await broken.person('Femi Ade', { online: false });
    const { default: pg } = await import('pg');
    const connection = broken.connection;
    if (typeof connection === 'string') throw new Error('a test database is reached by a socket file');
    const { database } = connection;
    const client = new pg.Client({ ...connection, database: 'postgres' });
    await client.connect();
    await client.query(`alter database ${database} allow_connections false`);
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [
      database,
    ]);
    const ask = () =>
      raw(broken.url(), 'GET', '/v1/conversations', {
        headers: { authorization: `Bearer ${person.token}` },
      });
    try {
      const reply = await ask();
      expect(reply.status).toBeGreaterThanOrEqual(500);
      expect(['internal', 'unavailable']).toContain(reply.code);
      const { error } = JSON.parse(reply.text);
      expect(Object.keys(error).sort()).toEqual(['code', 'details', 'requestId']);
      expect(error.details).toEqual({});
      expect(reply.text).not.toMatch(/sql|database|relation|connect|node_modules|\.ts/i);
      expect(broken.log.some(line => line.requestId === error.requestId)).toBe(true);
    } finally {
      await client.query(`alter database ${database} allow_connections true`);
      await client.end();
    }
    await soon(async () => (await ask()).status, 200);
  });
});
