import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Emitter } from '../emitter.ts';
import { emptyRtpView, parseRtp } from '../rtp/packet.ts';
import { newCounters } from './counters.ts';
import type { Clock, Listener, OwnOrder } from './listeners.ts';
import { Router } from './router.ts';

interface Heard {
  readonly slot: number;
  readonly bytes: Buffer;
  readonly sequence: number;
  readonly timestamp: number;
  readonly csrc: number;
}

/** A listener that keeps what it gets. */
class Ear implements Listener {
  readonly participantId: string;
  readonly payloadType: number;
  order: OwnOrder | null = null;
  readonly heard: Heard[] = [];

  constructor(participantId: string, payloadType = 111) {
    this.participantId = participantId;
    this.payloadType = payloadType;
  }

  send(slot: number, packet: Buffer): void {
    const bytes = Buffer.from(packet);
    const view = emptyRtpView();
    if (!parseRtp(bytes, view)) throw new Error('malformed');
    const { sequence, timestamp } = view;
    this.heard.push({ slot, bytes, sequence, timestamp, csrc: bytes.readUInt32BE(12) });
  }
}

const frame = (byte: number, size = 60): Uint8Array => new Uint8Array(size).fill(byte).fill(9 << 3, 0, 1);

function newRoom() {
  const emitter = new Emitter({ debug: () => undefined, warn: () => undefined });
  const counters = newCounters();
  const router = new Router({ roomId: 'r', slots: 4, counters, emitter, wake: () => undefined });
  const clocks = new Map<string, { sequence: number; timestamp: number }>();
  const producers = new Map<string, ReturnType<Router['addProducer']>>();
  const say = (id: string, byte = 1, level = 20): void => {
    const producer = producers.get(id) ?? router.addProducer(id, true);
    producers.set(id, producer);
    const clock = clocks.get(id) ?? { sequence: 65_530, timestamp: 2 ** 32 - 2000 };
    producer.push({ ...clock, level, payload: frame(byte) });
    clocks.set(id, {
      sequence: (clock.sequence + 1) & 0xffff,
      timestamp: (clock.timestamp + 960) >>> 0,
    });
  };
  const join = (id: string, clock: Clock, payloadType?: number): Ear => {
    const ear = new Ear(id, payloadType);
    router.addListener(ear, clock);
    return ear;
  };
  return { router, counters, emitter, say, join };
}

const gaps = (heard: readonly Heard[]): number[] =>
  heard.slice(1).map((packet, index) => ((packet.sequence - (heard[index]?.sequence ?? 0)) << 16) >> 16);

describe('AU-2 what listeners get', () => {
  it('AU-2 is byte for byte the same for all listeners of one payload type', () => {
    const { say, join } = newRoom();
    const [one, two, fox] = [join('1', 'audience'), join('2', 'audience'), join('3', 'audience', 109)];
    for (let index = 0; index < 9; index += 1) say('ana', index);
    expect(one.heard).toHaveLength(3);
    expect(two.heard.map(packet => packet.bytes)).toEqual(one.heard.map(packet => packet.bytes));
    for (const [index, packet] of fox.heard.entries()) {
      const twin = Buffer.from(one.heard[index]?.bytes ?? []);
      expect((packet.bytes[1] ?? 0) & 0x7f).toBe(109);
      twin[1] = packet.bytes[1] ?? 0;
      expect(packet.bytes).toEqual(twin);
    }
  });

  it('AU-2 speakers never hear themselves, and their own order has no gap for it', () => {
    const { say, join, router } = newRoom();
    const ana = join('ana', 'stage');
    const ben = join('ben', 'stage');
    for (let index = 0; index < 5; index += 1) say('ben');
    router.addProducer('ben', true).close();
    for (let index = 0; index < 5; index += 1) say('ana');
    router.addProducer('ana', true).close();
    for (let index = 0; index < 5; index += 1) say('cleo');
    expect(ana.heard).toHaveLength(10);
    expect(gaps(ana.heard)).toEqual(new Array(9).fill(1));
    expect(ben.heard).toHaveLength(10);
    expect(gaps(ben.heard)).toEqual(new Array(9).fill(1));
    expect(new Set(ana.heard.map(packet => packet.csrc)).size).toBe(2);
  });

  it('AU-3 the stage gets 20 ms packets as they come, the audience three at once', () => {
    const { say, join } = newRoom();
    const stage = join('s', 'stage');
    const audience = join('a', 'audience');
    for (let index = 0; index < 30; index += 1) say('ana');
    expect(stage.heard).toHaveLength(30);
    expect(audience.heard).toHaveLength(10);
    expect(audience.heard.map(packet => packet.timestamp)).toEqual(
      stage.heard.filter((_, index) => index % 3 === 0).map(packet => packet.timestamp),
    );
  });

  it('AU-3 whoever goes between stage and audience loses nothing and hears nothing twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 12 }), stretches => {
        const { say, join, router } = newRoom();
        const mover = join('m', 'audience');
        let clock: Clock = 'audience';
        let said = 0;
        for (const stretch of stretches) {
          for (let index = 0; index < stretch; index += 1) {
            say('ana', said & 0xff);
            said += 1;
          }
          clock = clock === 'stage' ? 'audience' : 'stage';
          router.setClock(mover, clock);
        }
        const first = mover.heard[0]?.timestamp ?? 0;
        const times = mover.heard.flatMap(packet => {
          const count = ((packet.bytes[16] ?? 0) & 3) === 3 ? (packet.bytes[17] ?? 0) & 0x3f : 1;
          return Array.from({ length: count }, (_, index) => (packet.timestamp - first + index * 960) >>> 0);
        });
        expect(times).toEqual(Array.from({ length: said }, (_, index) => index * 960));
        expect(gaps(mover.heard).every(gap => gap === 1)).toBe(true);
      }),
    );
  });

  it('AU-3 frames wait 40 ms for others, not longer', () => {
    const { say, join, router } = newRoom();
    const ear = join('a', 'audience');
    say('ana');
    const nowMs = performance.now();
    router.tick(nowMs + 20);
    expect(ear.heard).toHaveLength(0);
    router.tick(nowMs + 45);
    expect(ear.heard).toHaveLength(1);
  });

  it('AU-1 a switch sets the marker, and CSRC names the speaker', () => {
    const { say, join, router } = newRoom();
    const ear = join('a', 'stage');
    say('ana');
    say('ana');
    router.addProducer('ana', true).close();
    say('ben');
    expect(ear.heard.map(packet => (packet.bytes[1] ?? 0) >> 7)).toEqual([1, 0, 1]);
    expect(ear.heard[2]?.csrc).not.toBe(ear.heard[0]?.csrc);
    expect(new Set(ear.heard.map(packet => packet.slot))).toEqual(new Set([0]));
  });

  it('AU-5 a producer of another node is heard like one of this, and is not passed on again', () => {
    const { join, router } = newRoom();
    const ear = join('a', 'stage');
    const passed: string[] = [];
    router.addTap(id => passed.push(id));
    const packet = { sequence: 1, timestamp: 1, level: 20, payload: frame(1) };
    router.addProducer('far', false).push(packet);
    router.addProducer('near', true).push(packet);
    expect(ear.heard).toHaveLength(2);
    expect(passed).toEqual(['near']);
  });

  it('AU-4 Opus that is not is not forwarded, and counted', () => {
    const { join, router, counters } = newRoom();
    const ear = join('a', 'stage');
    router
      .addProducer('x', true)
      .push({ sequence: 1, timestamp: 1, level: 1, payload: Uint8Array.of(0x4b, 0) });
    expect(ear.heard).toHaveLength(0);
    expect(counters.dropped.malformed).toBe(1);
  });

  it('AU-10 says who speaks, only on changes', () => {
    const { say, router, emitter } = newRoom();
    const events: unknown[] = [];
    emitter.on('speaking', ({ speakers }) => events.push(speakers));
    const nowMs = performance.now();
    for (let index = 0; index < 20; index += 1) say('ana', 1, 20);
    router.tick(nowMs + 150);
    router.tick(nowMs + 250);
    router.tick(nowMs + 351);
    expect(events).toEqual([[{ participantId: 'ana', level: 0.8 }]]);
    router.tick(nowMs + 1200);
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual([]);
  });
});
