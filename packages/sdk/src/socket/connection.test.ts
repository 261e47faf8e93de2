import type { ServerFrame } from '@sotto/protocol';
import { socketClose } from '@sotto/protocol/limits';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCaller } from '../calls/client.ts';
import { nodeSocket } from '../node/socket.ts';
import { fullJitter, type Wake } from '../ports.ts';
import { type BadServer, startBadServer } from '../test/bad-server.ts';
import { type FakeClock, fakeClock } from '../test/fake-clock.ts';
import { soon } from '../test/soon.ts';
import { openWebSocket } from './browser.ts';
import { type Connection, createConnection } from './connection.ts';

let server: BadServer;
let clock: FakeClock;
let connection: Connection;
let frames: ServerFrame[];
let wake: (sign: 'online' | 'visible') => void = () => {};

const wakeSource: Wake = {
  subscribe(listener) {
    wake = listener;
    return () => {
      wake = () => {};
    };
  },
};

function connect(open = nodeSocket()): void {
  const call = createCaller({ baseUrl: server.url });
  connection = createConnection({
    url: `${server.url.replace('http', 'ws')}/socket`,
    open,
    ticket: async () => (await call('POST /v1/socket-tickets')).ticket,
    resume: () => ({ type: 'resume', device: 'test-device', have: [], room: null, hallway: false }),
    onFrame: frame => frames.push(frame),
    clock,
    random: () => 0,
    wake: wakeSource,
  });
  connection.start();
}

const state = () => connection.state.getSnapshot().state;
const isOpen = () => soon(() => expect(state()).toBe('open'));
const waitsFor = (reason: string) =>
  soon(() => expect(connection.state.getSnapshot()).toMatchObject({ state: 'waiting', reason }));

beforeEach(async () => {
  server = await startBadServer();
  clock = fakeClock();
  frames = [];
});
afterEach(async () => {
  connection.stop();
  await server.stop();
});

describe('RT-8 the connection', () => {
  test.each([
    ['ws', nodeSocket()],
    ['the platform’s WebSocket', openWebSocket],
  ])('opens with a ticket and says first what it has, over %s', async (_, open) => {
    connect(open);
    await isOpen();
    await soon(() => expect(frames.map(frame => frame.type)).toEqual(['hello', 'resumed']));
    expect(server.frames[0]).toEqual({
      type: 'resume',
      device: 'test-device',
      have: [],
      room: null,
      hallway: false,
    });
    expect(server.tickets).toBe(1);
  });

  test('comes back after a restart with a fresh ticket, after a while, and there are never two', async () => {
    connect();
    await isOpen();
    server.closeSockets(socketClose.restart);
    await waitsFor('restart');
    await clock.pass(499);
    expect(server.tickets).toBe(1);
    await clock.pass(1);
    await isOpen();
    expect([server.tickets, server.opened, server.sockets.size]).toEqual([2, 2, 1]);
  });

  test('RT-5 told that it may have missed something, it says again what it has, on the same socket', async () => {
    connect();
    await isOpen();
    await soon(() => expect(frames).toHaveLength(2));
    server.push({ type: 'missed' });
    await soon(() => expect(frames).toHaveLength(3));
    await clock.pass(1000);
    await soon(() =>
      expect(frames.map(({ type }) => type)).toEqual(['hello', 'resumed', 'missed', 'resumed']),
    );
    expect(server.frames.filter(({ type }) => type === 'resume')).toHaveLength(2);
    expect(server.opened).toBe(1);
  });

  test('ends when the session is over', async () => {
    connect();
    await isOpen();
    server.closeSockets(socketClose.signedOut);
    await soon(() => expect(state()).toBe('signedOut'));
    await clock.pass(120_000);
    expect(server.tickets).toBe(1);
  });

  test('ends when no ticket is given any more', async () => {
    server.signedIn = false;
    connect();
    await soon(() => expect(state()).toBe('signedOut'));
  });

  test('nothing heard for longer than the heartbeat allows: it is opened anew', async () => {
    connect();
    await isOpen();
    await soon(() => expect(frames).toHaveLength(2));
    await clock.pass(30_000);
    server.push({ type: 'heads', heads: [] });
    await soon(() => expect(frames).toHaveLength(3));
    await clock.pass(39_000);
    expect(state()).toBe('open');
    await clock.pass(1_000);
    expect(connection.state.getSnapshot()).toMatchObject({ state: 'waiting', reason: 'silent' });
    await clock.pass(500);
    await isOpen();
    await soon(() => expect(server.sockets.size).toBe(1));
  });

  test('is tried at once when the network or the person is back', async () => {
    server.mishaps.set('tickets', [{ kind: 'dropBefore' }, { kind: 'dropBefore' }]);
    connect();
    await waitsFor('unreachable');
    wake('visible');
    await soon(() => expect(connection.state.getSnapshot()).toMatchObject({ attempt: 2 }));
    wake('online');
    await isOpen();
    expect(server.opened).toBe(1);
  });

  test('a network that went and came is a new connection; a look at the page is not', async () => {
    connect();
    await isOpen();
    wake('visible');
    expect(state()).toBe('open');
    wake('online');
    expect(state()).toBe('connecting');
    await isOpen();
    await soon(() => expect([server.opened, server.sockets.size]).toEqual([2, 1]));
  });

  test('waits as long as the server says', async () => {
    server.mishaps.set('tickets', [
      { kind: 'status', status: 429, code: 'rate_limited', details: { retryAfter: 12 } },
    ]);
    connect();
    await waitsFor('unreachable');
    await clock.pass(11_999);
    expect(state()).toBe('waiting');
    await clock.pass(1);
    await isOpen();
  });

  test('a stopped connection stays stopped, whatever was under way', async () => {
    connect();
    connection.stop();
    expect(state()).toBe('off');
    await soon(() => expect(server.tickets).toBe(1));
    await clock.pass(60_000);
    expect([state(), server.opened]).toEqual(['off', 0]);
    expect(connection.send({ type: 'hallway', watch: true })).toBe(false);
  });
});

test('RT-8 waits between 0.5 and 30 s, longer after each failure, never the same for all', () => {
  expect(fullJitter(0, () => 0)).toBe(500);
  expect(fullJitter(0, () => 0.999)).toBeLessThan(1_000);
  expect(fullJitter(3, () => 0.5)).toBe(4_250);
  expect(fullJitter(50, () => 0.9999)).toBeLessThanOrEqual(30_000);
  expect(fullJitter(50, () => 0.9999)).toBeGreaterThan(29_000);
});
