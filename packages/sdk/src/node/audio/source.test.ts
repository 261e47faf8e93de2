import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OggError, readOggPackets } from './ogg.ts';
import { packetSamples } from './opus.ts';
import { SlotCounter } from './reception.ts';
import { readRtp, writeRtp } from './rtp.ts';
import { bundledSpeech, bundledTone, parseOggOpus } from './source.ts';

const file = await readFile(new URL('../../../fixtures/tone.opus', import.meta.url));

describe('Ogg Opus files', () => {
  it('the bundled sounds are 20 ms frames with their loudness', async () => {
    const [speech, tone] = [await bundledSpeech(), await bundledTone()];
    for (const source of [speech, tone]) {
      expect(source.frames.every(frame => packetSamples(frame) === 960)).toBe(true);
      expect(source.levels).toHaveLength(source.frames.length);
    }
    expect(speech.frames.length).toBeGreaterThan(400);
    expect(Math.min(...speech.levels)).toBeLessThan(30);
    expect(Math.max(...speech.levels)).toBeGreaterThan(60);
    expect(tone.levels[10]).toBeGreaterThan(10);
    expect(tone.levels[10]).toBeLessThan(25);
  });

  it('a damaged or cut file is refused, never misread', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(file);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(() => parseOggOpus(damaged)).toThrow(OggError);
        expect(() => parseOggOpus(file.subarray(0, at))).toThrow(OggError);
      }),
    );
    // Each page is whole; only the mark of the last one tells that there should be more.
    const lastPage = file.lastIndexOf('OggS');
    expect(lastPage).toBeGreaterThan(0);
    expect(() => parseOggOpus(file.subarray(0, lastPage))).toThrow('the last page is missing');
    expect(readOggPackets(Buffer.alloc(0))).toEqual([]);
    expect(() => parseOggOpus(Buffer.alloc(0))).toThrow(OggError);
  });
});

describe('packets', () => {
  const fields = { payloadType: 111, marker: true, sequence: 65_535, timestamp: 2 ** 32 - 1, ssrc: 7 };

  it('are read as they were written', () => {
    const payload = Buffer.from([0x48, 1, 2]);
    const packet = readRtp(writeRtp({ ...fields, levelExtension: 1, level: 30, payload }), 2);
    expect(packet).toMatchObject({ ...fields, slot: 2, csrc: 0 });
    expect(packet?.payload).toEqual(payload);
    expect(readRtp(Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), 0)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        readRtp(Buffer.from(bytes), 0);
      }),
    );
  });

  it('are counted, with what is missing, late and to whom they belong', () => {
    const counter = new SlotCounter();
    for (const sequence of [65_534, 65_535, 1, 0, 4]) {
      const bytes = writeRtp({
        ...fields,
        sequence,
        levelExtension: 1,
        level: 1,
        payload: Buffer.alloc(40, 0x48),
      });
      const packet = readRtp(bytes, 0);
      if (packet !== undefined) counter.count(packet);
    }
    expect(counter).toMatchObject({ packets: 5, lost: 2, outOfOrder: 1, soundPackets: 5, frames: 5 });
    expect(counter.bySource.get(0)).toBe(5);
  });
});
