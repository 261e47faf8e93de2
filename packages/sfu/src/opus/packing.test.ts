import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKED_BYTES, PACKED_SAMPLES, Packer } from './packing.ts';
import { emptyFrameList, frameSamples, parseFrames, sizeBytes, writeSize } from './toc.ts';

interface Packed {
  readonly payload: Uint8Array;
  readonly timestamp: number;
  readonly samples: number;
}

function collect(): { packer: Packer; out: Packed[] } {
  const out: Packed[] = [];
  const packer = new Packer((payload, timestamp, samples) => {
    out.push({ payload: Uint8Array.from(payload), timestamp, samples });
  });
  return { packer, out };
}

function framesOf(payload: Uint8Array): { toc: number; frames: string[] } {
  const list = emptyFrameList();
  if (!parseFrames(payload, list)) throw new Error('malformed');
  const frames = Array.from({ length: list.count }, (_, index) => {
    const start = list.starts[index] ?? 0;
    return Buffer.from(payload.subarray(start, start + (list.lengths[index] ?? 0))).toString('hex');
  });
  return { toc: list.toc & 0xfc, frames };
}

/** A packet of code 0 to 3 with frames of the given bytes, built by the book (RFC 6716 section 3.2). */
function build(config: number, stereo: boolean, code: number, frames: readonly Uint8Array[]): Uint8Array {
  const toc = (config << 3) | (stereo ? 4 : 0) | code;
  if (code !== 3 && !(code === 2 && frames.length === 2)) {
    return Uint8Array.from([toc, ...frames.flatMap(frame => [...frame])]);
  }
  const header = new Uint8Array(2 + frames.length * 2);
  header[0] = toc;
  let offset = 1;
  if (code === 3) {
    header[1] = 0x80 | frames.length;
    offset = 2;
  }
  for (const frame of frames.slice(0, -1)) offset = writeSize(header, offset, frame.length);
  return Uint8Array.from([...header.subarray(0, offset), ...frames.flatMap(frame => [...frame])]);
}

const speech20 = (byte: number, length = 40): Uint8Array =>
  build(9, false, 0, [new Uint8Array(length).fill(byte)]);

describe('AU-3 packing', () => {
  it('AU-3 joins three 20 ms frames into one packet of code 3 with the first timestamp', () => {
    const { packer, out } = collect();
    for (const [index, byte] of [1, 2, 3].entries())
      packer.push(speech20(byte, 30 + byte), 1000 + index * 960);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ timestamp: 1000, samples: 2880 });
    expect((out[0]?.payload[0] ?? 0) & 3).toBe(3);
    expect(framesOf(out[0]?.payload ?? new Uint8Array()).frames.map(frame => frame.length / 2)).toEqual([
      31, 32, 33,
    ]);
  });

  it('AU-3 sends a lone frame on as it came', () => {
    const { packer, out } = collect();
    packer.push(speech20(7), 0);
    packer.flush();
    expect(out[0]?.payload).toEqual(speech20(7));
  });

  it('AU-3 flushes on a gap', () => {
    const { packer, out } = collect();
    packer.push(speech20(1), 0);
    packer.push(speech20(2), 1920);
    expect(out).toHaveLength(1);
    packer.flush();
    expect(out.map(packed => packed.timestamp)).toEqual([0, 1920]);
  });

  it('AU-3 flushes on a change of configuration', () => {
    const { packer, out } = collect();
    packer.push(speech20(1), 0);
    packer.push(build(31, false, 0, [new Uint8Array(50).fill(2)]), 960);
    packer.flush();
    expect(out.map(packed => (packed.payload[0] ?? 0) >> 3)).toEqual([9, 31]);
  });

  it('AU-3 sends comfort noise alone, after what waits', () => {
    const { packer, out } = collect();
    packer.push(speech20(1), 0);
    packer.push(Uint8Array.of(9 << 3), 960);
    expect(out.map(packed => packed.payload.length)).toEqual([41, 1]);
  });

  it('AU-3 sends a 60 ms packet on byte for byte', () => {
    const { packer, out } = collect();
    const long = build(11, false, 0, [new Uint8Array(100).fill(5)]);
    packer.push(long, 0);
    expect(out).toEqual([{ payload: long, timestamp: 0, samples: PACKED_SAMPLES }]);
  });

  it('AU-3 joins across the wrap of the timestamp', () => {
    const { packer, out } = collect();
    for (let index = 0; index < 3; index += 1)
      packer.push(speech20(1), (2 ** 32 - 960 + index * 960) % 2 ** 32);
    expect(out).toHaveLength(1);
  });

  const packetArbitrary = fc.record({
    config: fc.integer({ min: 0, max: 31 }),
    stereo: fc.boolean(),
    code: fc.constantFrom(0, 2, 3),
    sizes: fc.array(fc.oneof(fc.integer({ min: 3, max: 80 }), fc.integer({ min: 240, max: 400 })), {
      minLength: 1,
      maxLength: 3,
    }),
    gap: fc.constantFrom(0, 0, 0, 960),
    same: fc.boolean(),
  });

  it('AU-3 every input frame comes out once, in order, at its time, in packets within the bounds', () => {
    fc.assert(
      fc.property(fc.array(packetArbitrary, { maxLength: 40 }), fc.nat(2 ** 32 - 1), (packets, start) => {
        const { packer, out } = collect();
        const expected: string[] = [];
        let timestamp = start;
        let serial = 0;
        let config = 9;
        for (const packet of packets) {
          if (!packet.same) config = packet.config;
          const each = frameSamples(config << 3);
          const wanted = packet.code === 0 ? 1 : packet.code === 2 ? 2 : packet.sizes.length;
          const count = Math.min(wanted, 5760 / each);
          const frames = Array.from({ length: count }, (_, index) => {
            serial += 1;
            const size = packet.sizes[index % packet.sizes.length] ?? 3;
            return new Uint8Array(size).fill(serial & 0xff);
          });
          const bytes = build(config, packet.stereo, packet.code, frames);
          timestamp = (timestamp + packet.gap) >>> 0;
          expect(packer.push(bytes, timestamp)).toBe('taken');
          const toc = (config << 3) | (packet.stereo ? 4 : 0);
          for (const [index, frame] of frames.entries()) {
            expected.push(`${(timestamp + index * each) >>> 0} ${toc} ${Buffer.from(frame).toString('hex')}`);
          }
          timestamp = (timestamp + each * count) >>> 0;
        }
        packer.flush();
        const got = out.flatMap(packed => {
          const { toc, frames } = framesOf(packed.payload);
          const each = frameSamples(toc);
          return frames.map((frame, index) => `${(packed.timestamp + index * each) >>> 0} ${toc} ${frame}`);
        });
        expect(got).toEqual(expected);
        for (const packed of out) {
          const { frames } = framesOf(packed.payload);
          const joined = frames.length > 1 && packed.samples <= PACKED_SAMPLES;
          if (joined) expect(packed.payload.length).toBeLessThanOrEqual(PACKED_BYTES + 200);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('AU-4 never throws on malformed packets, and what it takes it gives back whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 1400 }), { maxLength: 20 }), payloads => {
        const { packer, out } = collect();
        let timestamp = 0;
        const expected: string[] = [];
        for (const payload of payloads) {
          if (packer.push(payload, timestamp) === 'taken') expected.push(...framesOf(payload).frames);
          timestamp += 960;
        }
        packer.flush();
        expect(out.flatMap(packed => framesOf(packed.payload).frames)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('AU-3 lengths are coded as in RFC 6716 section 3.2.1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1275 }), size => {
        const into = new Uint8Array(2);
        expect(writeSize(into, 0, size)).toBe(sizeBytes(size));
        const first = into[0] ?? 0;
        expect(first < 252 ? first : (into[1] ?? 0) * 4 + first).toBe(size);
      }),
    );
  });
});
