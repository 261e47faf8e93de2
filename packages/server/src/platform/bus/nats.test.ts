import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { busContract, numbered, record } from './contract.ts';
import { type NatsBus, type NatsLocation, natsBus } from './nats.ts';
import { hasNats, startNats, type TestNats } from './testing.ts';

const errors: unknown[] = [];
const buses: NatsBus[] = [];
let server: TestNats;
let name = 0;

const locationOf = (nats: TestNats): NatsLocation => ({
  servers: [`127.0.0.1:${nats.port}`],
  login: undefined,
  tls: false,
  name: `test-${name}`,
});

async function node(nats = server): Promise<NatsBus> {
  const bus = await natsBus(locationOf(nats), { onError: error => errors.push(error) });
  buses.push(bus);
  return bus;
}

const found = hasNats();

describe.skipIf(!found)(
  found ? 'the bus by NATS' : 'the bus by NATS: left out, there is no nats-server here',
  () => {
    beforeAll(async () => {
      server = await startNats();
    });
    afterEach(async () => {
      await Promise.all(buses.splice(0).map(bus => bus.close()));
      name += 1;
    });
    afterAll(() => server?.stop('SIGKILL'));

    busContract(() => ({ node: () => node(), errors }), 3);

    test('networks of different names do not hear each other', async () => {
      const one = await node();
      name += 1;
      const other = await node();
      const heard = record(other);
      one.publish(numbered(1));
      other.publish(numbered(2));
      await one.ping();
      await other.ping();
      expect(heard).toEqual([2]);
    });

    test('what is not ours is told as an error and ends nothing', async () => {
      const bus = await node();
      const heard = record(bus);
      const stranger = await connect({ servers: `127.0.0.1:${server.port}` });
      const before = errors.length;
      for (const text of ['', '{', 'null', '7']) stranger.publish(`sotto.test-${name}`, text);
      stranger.publish(`sotto.test-${name}`, JSON.stringify(numbered(1)));
      await vi.waitFor(() => expect(heard).toEqual([1]));
      expect(errors.length - before).toBe(4);
      await stranger.close();
    });

    test('without a server to begin with, it says so at once', async () => {
      await using gone = await startNats();
      await gone.stop();
      await expect(node(gone)).rejects.toThrow(/refused/i);
    });

    test('RT-5 a server that is killed and comes back: nothing throws, loss is told to all, and all goes on', async () => {
      await using nats = await startNats();
      const [one, two] = [await node(nats), await node(nats)];
      const heard = record(two);
      const own = record(one);
      const losses = [one, two].map(bus => {
        const listener = vi.fn();
        bus.onLoss(listener);
        return listener;
      });
      one.publish(numbered(1));
      await vi.waitFor(() => expect(heard).toEqual([1]));

      await nats.stop('SIGKILL');
      await vi.waitFor(() => expect(one.stats().connected || two.stats().connected).toBe(false));
      await expect(one.ping()).rejects.toThrow('cannot be reached');
      for (const listener of losses) expect(listener).not.toHaveBeenCalled();
      for (let n = 2; n < 100; n += 1) one.publish(numbered(n));
      expect(own).toHaveLength(99);
      expect(one.stats().missed).toBe(98);

      await nats.start();
      await vi.waitFor(() => expect(one.stats().connected && two.stats().connected).toBe(true), {
        timeout: 10_000,
      });
      for (const listener of losses) await vi.waitFor(() => expect(listener).toHaveBeenCalled());
      await one.ping();
      one.publish(numbered(100));
      await vi.waitFor(() => expect(heard).toEqual([1, 100]));
    });

    test('one node that was away tells the others what they missed of it', async () => {
      const [one, two] = [await node(), await node()];
      const lost = vi.fn();
      two.onLoss(lost);
      const heard = record(two);
      // The server takes 1 MiB at most.
      one.publish({ kind: 'sessionsEnded', sessions: ['x'.repeat(2 * 1024 * 1024)] });
      one.publish(numbered(1));
      await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1));
      await vi.waitFor(() => expect(heard).toEqual([1]));
      expect(errors.at(-1)).toMatchObject({ message: expect.stringContaining('max_payload') });
    });

    test('a server that hangs: memory stays bounded, the connection is given up, and found again', async () => {
      await using nats = await startNats();
      const [one, two] = [await node(nats), await node(nats)];
      const lost = vi.fn();
      two.onLoss(lost);
      const heard = record(two);
      nats.freeze();
      const large = numbered(5);
      const padded = { ...large, sessions: ['5', 'x'.repeat(250_000)] };
      for (let n = 0; n < 400; n += 1) one.publish(padded);
      expect(one.stats().missed).toBeGreaterThan(300);
      await expect(one.ping()).rejects.toThrow();
      await vi.waitFor(() => expect(one.stats().connected || two.stats().connected).toBe(false), {
        timeout: 12_000,
      });
      nats.thaw();
      await vi.waitFor(() => expect(lost).toHaveBeenCalled(), { timeout: 12_000 });
      await vi.waitFor(
        () => {
          one.publish(numbered(6));
          expect(heard.at(-1)).toBe(6);
        },
        { timeout: 12_000 },
      );
      await one.ping();
    }, 40_000);

    test('close ends within its time though the server is gone', async () => {
      await using nats = await startNats();
      const bus = await node(nats);
      await nats.stop('SIGKILL');
      await bus.close();
      await expect(bus.ping()).rejects.toThrow();
    });

    test('a login by user or by token, and a wrong one', async () => {
      await using nats = await startNats(['--user', 'sotto', '--pass', 'a secret']);
      const login = { user: 'sotto', pass: 'a secret' };
      const bus = await natsBus({ ...locationOf(nats), login }, { onError: error => errors.push(error) });
      await bus.ping();
      await bus.close();
      const wrong = { user: 'sotto', pass: 'another' };
      await expect(
        natsBus({ ...locationOf(nats), login: wrong }, { onError: () => undefined }),
      ).rejects.toThrow(/authorization/i);
      await using tokens = await startNats(['--auth', 'a token']);
      const other = await natsBus(
        { ...locationOf(tokens), login: { token: 'a token' } },
        { onError: () => undefined },
      );
      await other.ping();
      await other.close();
    });
  },
);
