import { expect, test } from 'vitest';
import { waveformOf, waveformPath } from './waveform.ts';

const tone = (length: number, level: (at: number) => number) =>
  Float32Array.from({ length }, (_, at) => Math.sin(at / 3) * level(at / length));

test('BC-21: a waveform has at most 64 steps from 0 to 31, the loudest being 31', () => {
  const waveform = waveformOf(tone(48_000, at => (at < 0.5 ? 0.02 : 0.4)));
  expect(waveform).toHaveLength(64);
  expect(Math.max(...waveform)).toBe(31);
  expect(waveform.slice(0, 31).every(level => level > 3 && level < 12)).toBe(true);
  expect(waveform.every(level => Number.isInteger(level) && level >= 0)).toBe(true);
});

test('BC-21: silence and very short recordings are drawn as they are', () => {
  expect(waveformOf(new Float32Array(1000))).toEqual(Array.from({ length: 64 }, () => 0));
  expect(waveformOf(new Float32Array(3))).toEqual([0, 0, 0]);
  expect(waveformOf(new Float32Array(0))).toEqual([]);
});

test('a waveform is one path, with a bar for each step', () => {
  expect(waveformPath([0, 31]).match(/M/g)).toHaveLength(2);
  expect(waveformPath([])).toBe('');
});
