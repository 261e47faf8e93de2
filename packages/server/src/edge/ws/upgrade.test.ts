import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStage, type Person, type Stage } from '../../domains/backchannel/fixture.ts';
import { createAddressOf } from './address.ts';
import { connect, type Node, online, refused, startNode, ticketOf } from './fixture.ts';

let stage: Stage;
let node: Node;
let ann: Person;
beforeAll(async () => {
  stage = await createStage();
  node = await startNode(stage);
  ann = await stage.person('ann');
});
afterAll(async () => {
  await node.close();
  await stage.close();
});

const withTicket = async () => `${node.url}?ticket=${await ticketOf(stage, ann)}`;

describe('opening a socket', () => {
  it('RT-8 says hello with the session and the heartbeat, in the subprotocol, without compression', async () => {
    const client = connect(node.url, await ticketOf(stage, ann));
    expect(await client.heard('hello')).toEqual({
      type: 'hello',
      session: ann.viewer.session,
      heartbeatSeconds: 25,
    });
    expect(client.ws.protocol).toBe('sotto.1');
    expect(client.ws.extensions).toBe('');
    client.ws.close();
    await client.closed;
  });

  it('RT-8 a ticket opens one socket', async () => {
    const ticket = await ticketOf(stage, ann);
    const client = connect(node.url, ticket);
    await client.heard('hello');
    expect(await refused(`${node.url}?ticket=${ticket}`)).toEqual({ status: 401, code: 'not_signed_in' });
    client.ws.close();
  });

  it('RT-8 of two that use a ticket at the same instant, one gets in', async () => {
    const ticket = await ticketOf(stage, ann);
    const clients = [connect(node.url, ticket), connect(node.url, ticket)];
    const results = await Promise.allSettled(clients.map(client => client.heard('hello')));
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const client of clients) client.ws.close();
  });

  it('RT-8 a ticket runs out after 30 s', async () => {
    const ticket = await ticketOf(stage, ann);
    const now = stage.clock.now;
    stage.clock.now = new Date(now.getTime() + 30_001);
    expect(await refused(`${node.url}?ticket=${ticket}`)).toEqual({ status: 401, code: 'not_signed_in' });
    stage.clock.now = now;
  });

  it('RT-8 no ticket, or a made-up one, opens nothing', async () => {
    const made = randomBytes(32).toString('base64url');
    expect(await refused(`${node.url}?ticket=${made}`)).toEqual({ status: 401, code: 'not_signed_in' });
    expect(await refused(node.url)).toEqual({ status: 400, code: 'invalid_input' });
    expect(await refused(`${node.url}?ticket=a%20b`)).toEqual({ status: 400, code: 'invalid_input' });
  });

  it('RT-8 a page of another site gets no socket, and its ticket is not spent', async () => {
    const url = await withTicket();
    for (const origin of ['https://evil.example', 'null', 'https://sotto.example.evil.example'])
      expect(await refused(url, { headers: { origin } })).toEqual({
        status: 403,
        code: 'origin_not_allowed',
      });
    const ours = connect(node.url, new URL(url).searchParams.get('ticket') ?? '', {
      headers: { origin: 'https://sotto.example' },
    });
    await ours.heard('hello');
    ours.ws.close();
  });

  it('RT-8 a client must speak sotto.1', async () => {
    const url = await withTicket();
    expect(await refused(url, { protocol: 'sotto.2' })).toEqual({ status: 400, code: 'invalid_input' });
    expect(await refused(url, { protocol: null })).toEqual({ status: 400, code: 'invalid_input' });
  });

  it('answers another path with not_found, and lives on after nonsense', async () => {
    const url = (await withTicket()).replace('/socket', '/elsewhere');
    expect(await refused(url)).toEqual({ status: 404, code: 'not_found' });
    const { port } = new URL(node.url);
    for (const nonsense of [
      'GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'GET //[ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sotto.1\r\n\r\n',
      `GET /socket?ticket=${await ticketOf(stage, ann)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Protocol: sotto.1\r\n\r\n`,
    ]) {
      const tcp = connectTcp(Number(port), '127.0.0.1');
      tcp.write(nonsense);
      const answer = await new Promise<string>(resolve => tcp.once('data', data => resolve(data.toString())));
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      tcp.destroy();
    }
    const client = await online(stage, node, ann);
    client.ws.close();
  });

  it('an account has a limited number of sockets, and room again when one is gone', async () => {
    const few = await startNode(stage, { limits: { perAccount: 2 } });
    const first = await online(stage, few, ann);
    const second = await online(stage, few, ann);
    expect(await refused(`${few.url}?ticket=${await ticketOf(stage, ann)}`)).toEqual({
      status: 429,
      code: 'rate_limited',
    });
    first.ws.close();
    await vi.waitFor(() => expect(few.sockets.stats().sockets).toBe(1), { timeout: 10_000 });
    await online(stage, few, ann);
    second.ws.close();
    await few.close();
  });

  it('an address has a limited number of sockets, refused ones not counting after their end', async () => {
    const few = await startNode(stage, { limits: { perAddress: 2 } });
    await online(stage, few, ann);
    await online(stage, few, ann);
    for (let i = 0; i < 5; i++)
      expect(await refused(`${few.url}?ticket=${await ticketOf(stage, ann)}`)).toEqual({
        status: 429,
        code: 'rate_limited',
      });
    await few.close();
  });

  it('a server that closes tells its sockets with 1012, and lets nobody in', async () => {
    const closing = await startNode(stage);
    const clients = [await online(stage, closing, ann), await online(stage, closing, ann)];
    const ticket = await ticketOf(stage, ann);
    await closing.sockets.close('a new version');
    for (const client of clients)
      expect(await client.closed).toEqual({ code: 1012, reason: 'a new version' });
    expect(await refused(`${closing.url}?ticket=${ticket}`)).toEqual({ status: 503, code: 'unavailable' });
    await closing.close();
  });
});

describe('the address behind proxies', () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as never;

  it('is what a trusted proxy says, and never what a client says', () => {
    expect(createAddressOf(false)(request('192.0.2.1', '203.0.113.9'))).toBe('192.0.2.1');
    expect(createAddressOf(1)(request('10.0.0.1', '203.0.113.66, 203.0.113.9'))).toBe('203.0.113.9');
    expect(createAddressOf(2)(request('10.0.0.1', '203.0.113.66, 203.0.113.9'))).toBe('203.0.113.66');
    expect(createAddressOf(2)(request('10.0.0.1'))).toBe('10.0.0.1');
    const trusting = createAddressOf(['10.0.0.0/8', '::1']);
    expect(trusting(request('::ffff:10.1.1.1', '203.0.113.66, 203.0.113.9'))).toBe('203.0.113.9');
    expect(trusting(request('::1', '203.0.113.66, 10.2.2.2'))).toBe('203.0.113.66');
    expect(trusting(request('192.0.2.1', '203.0.113.66'))).toBe('192.0.2.1');
    expect(trusting(request('10.0.0.1', 'nonsense, 10.0.0.2'))).toBe('10.0.0.2');
  });
});
