import { expect, test, vi } from 'vitest';
import type { Bus, BusMessage } from './bus.ts';

/** A network of one adapter. `node`: another node of it, whose listeners' errors are collected. */
export interface BusNetwork {
  node(): Promise<Bus>;
  readonly errors: readonly unknown[];
}

export const numbered = (n: number): BusMessage => ({ kind: 'sessionsEnded', sessions: [String(n)] });
export const numberOf = (message: BusMessage): number =>
  message.kind === 'sessionsEnded' ? Number(message.sessions[0]) : Number.NaN;

/** @returns the numbers a bus hears, as they come */
export function record(bus: Bus): number[] {
  const heard: number[] = [];
  bus.subscribe(message => heard.push(numberOf(message)));
  return heard;
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** What every adapter keeps. @param nodes how many nodes a network of it may have */
export function busContract(network: () => BusNetwork, nodes: 1 | 3): void {
  const start = () => Promise.all(Array.from({ length: nodes }, () => network().node()));

  test('every node hears every message, its own included, as it was, and whose it is', async () => {
    const [publisher, ...others] = await start();
    const message: BusMessage = {
      kind: 'frame',
      to: { channel: 'hallway', except: ['a'] },
      frame: { type: 'heads', heads: [] },
    };
    const heard = [publisher, ...others].map(bus => {
      const listener = vi.fn();
      bus?.subscribe(listener);
      return listener;
    });
    publisher?.publish(message);
    for (const [n, listener] of heard.entries())
      await vi.waitFor(() =>
        expect(listener.mock.calls).toEqual([[message, n === 0 ? 'here' : 'elsewhere']]),
      );
  });

  test('a node hears its own before publish returns', async () => {
    const [bus] = await start();
    if (!bus) throw new Error('no bus');
    const heard = record(bus);
    bus.publish(numbered(7));
    expect(heard).toEqual([7]);
  });

  test('the order of each publisher is kept at every node', async () => {
    const buses = await start();
    const count = 3000;
    const heard = buses.map(record);
    for (let n = 0; n < count; n += 1)
      for (const [publisher, bus] of buses.entries()) bus.publish(numbered(publisher * count + n));
    for (const list of heard) {
      await vi.waitFor(() => expect(list).toHaveLength(count * buses.length), { timeout: 10_000 });
      for (const publisher of buses.keys()) {
        const own = list.filter(n => Math.floor(n / count) === publisher).map(n => n % count);
        expect(own).toEqual(upTo(count));
      }
    }
  });

  test('what a listener publishes comes after what it heard, for everyone', async () => {
    const buses = await start();
    const [bus] = buses;
    bus?.subscribe(message => {
      const n = numberOf(message);
      if (n < 10) bus.publish(numbered(n + 1));
    });
    const heard = buses.map(record);
    bus?.publish(numbered(0));
    for (const list of heard) await vi.waitFor(() => expect(list).toEqual(upTo(11)));
  });

  test('a listener that throws harms nobody, and is told', async () => {
    const buses = await start();
    for (const bus of buses)
      bus.subscribe(() => {
        throw new Error('a listener fails');
      });
    const heard = buses.map(record);
    const before = network().errors.length;
    expect(() => buses[0]?.publish(numbered(1))).not.toThrow();
    buses[0]?.publish(numbered(2));
    for (const list of heard) await vi.waitFor(() => expect(list).toEqual([1, 2]));
    await vi.waitFor(() => expect(network().errors.length - before).toBe(2 * buses.length));
    for (const bus of buses) await bus.ping();
  });

  test('who has left hears no more, the others do', async () => {
    const buses = await start();
    const bus = buses.at(-1);
    const left = vi.fn();
    const leave = bus?.subscribe(left);
    const twice = vi.fn();
    const once = bus?.subscribe(twice);
    bus?.subscribe(twice);
    const stays = bus ? record(bus) : [];
    leave?.();
    once?.();
    buses[0]?.publish(numbered(1));
    await vi.waitFor(() => expect(stays).toEqual([1]));
    expect(left).not.toHaveBeenCalled();
    expect(twice).toHaveBeenCalledTimes(1);
  });

  test('a bus that is closed lets out what was published, and is quiet afterwards', async () => {
    const buses = await start();
    const [bus] = buses;
    const own = bus ? record(bus) : [];
    const heard = buses.slice(1).map(record);
    const before = network().errors.length;
    for (let n = 0; n < 500; n += 1) bus?.publish(numbered(n));
    await bus?.close();
    await bus?.close();
    bus?.publish(numbered(999));
    for (const list of heard) await vi.waitFor(() => expect(list).toEqual(upTo(500)));
    expect(own).toEqual(upTo(500));
    expect(network().errors.length).toBe(before);
  });

  test('large messages and any text pass', async () => {
    const buses = await start();
    const sessions = ['"\\\u2028\u0000🎙️\r\nPUB sotto 3\r\n', 'x'.repeat(500_000)];
    const heard = buses.map(bus => {
      const listener = vi.fn();
      bus.subscribe(listener);
      return listener;
    });
    buses[0]?.publish({ kind: 'sessionsEnded', sessions });
    for (const listener of heard)
      await vi.waitFor(() =>
        expect(listener.mock.calls[0]?.[0]).toEqual({ kind: 'sessionsEnded', sessions }),
      );
  });
}
