import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFrameList, frameSamples, parseFrames } from './toc.ts';

const parse = (...bytes: number[]) => {
  const list = emptyFrameList();
  return parseFrames(Uint8Array.from(bytes), list) ? [...list.lengths.subarray(0, list.count)] : 'malformed';
};

describe('AU-3 the TOC and the frames of a packet', () => {
  it.each([
    [0, 480],
    [3, 2880],
    [9, 960],
    [12, 480],
    [13, 960],
    [16, 120],
    [19, 960],
    [31, 960],
  ])('AU-3 configuration %i has frames of %i samples', (config, samples) => {
    expect(frameSamples(config << 3)).toBe(samples);
  });

  it('AU-3 reads codes 0 to 3', () => {
    expect(parse(0x48, 1, 2, 3)).toEqual([3]);
    expect(parse(0x49, 1, 2, 3, 4)).toEqual([2, 2]);
    expect(parse(0x4a, 1, 2, 3, 4)).toEqual([1, 2]);
    expect(parse(0x4b, 0x02, 1, 2, 3, 4)).toEqual([2, 2]);
    expect(parse(0x4b, 0x83, 1, 2, 9, 9, 9, 9, 9)).toEqual([1, 2, 2]);
    expect(parse(0x4b, 0xc2, 3, 1, 9, 8, 0, 0, 0)).toEqual([1, 1]);
  });

  it.each([
    ['nothing', []],
    ['code 1 of odd length (R3)', [0x49, 1, 2, 3]],
    ['code 2 shorter than it says (R4)', [0x4a, 9, 1]],
    ['code 2 without a length', [0x4a]],
    ['code 3 without a count', [0x4b]],
    ['code 3 of no frames', [0x4b, 0x00]],
    ['code 3 over 120 ms (R5)', [0x4b, 0x07, ...new Array<number>(70).fill(0)]],
    ['code 3, equal, not divisible (R6)', [0x4b, 0x02, 1, 2, 3]],
    ['code 3, sized, shorter than it says (R7)', [0x4b, 0x82, 9, 1]],
    ['more padding than bytes', [0x4b, 0x42, 200, 1]],
    ['a frame over 1275 bytes (R2)', [0x48, ...new Array<number>(1276).fill(1)]],
  ])('AU-4 refuses %s', (_, bytes) => {
    expect(parse(...bytes)).toBe('malformed');
  });

  it('AU-4 frames lie within the packet, whatever comes', () => {
    const list = emptyFrameList();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), packet => {
        if (!parseFrames(packet, list)) return;
        for (let index = 0; index < list.count; index += 1) {
          const end = (list.starts[index] ?? 0) + (list.lengths[index] ?? 0);
          expect(end).toBeLessThanOrEqual(packet.length);
        }
        expect(list.count * frameSamples(list.toc)).toBeLessThanOrEqual(5760);
      }),
      { numRuns: 2000 },
    );
  });
});
