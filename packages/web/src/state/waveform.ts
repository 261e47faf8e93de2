import { VOICE_WAVEFORM_MAX, VOICE_WAVEFORM_PEAK } from '@sotto/protocol/limits';

/**
 * How loud a recording is over its time, in at most 64 steps from 0 to 31: the root mean square of each step, the loudest
 * being the peak, on a curve that lets quiet speech be seen.
 */
export function waveformOf(samples: Float32Array, steps = VOICE_WAVEFORM_MAX): number[] {
  const count = Math.min(steps, samples.length);
  const levels = Array.from({ length: count }, (_, step) => {
    const from = Math.floor((step * samples.length) / count);
    const to = Math.max(from + 1, Math.floor(((step + 1) * samples.length) / count));
    let sum = 0;
    for (let at = from; at < to; at++) sum += (samples[at] ?? 0) ** 2;
    return Math.sqrt(sum / (to - from));
  });
  const loudest = Math.max(...levels, 0);
  // What is this quiet is silence: it is not blown up to look like speech.
  if (!(loudest > 0.001)) return levels.map(() => 0);
  return levels.map(level => Math.round(VOICE_WAVEFORM_PEAK * Math.sqrt(level / loudest)));
}

/** Units of the drawing: each step takes this much width; heights are as in the waveform. */
export const STEP = 4;
const BAR = 2.4;

/** The bars of a waveform as one SVG path, 4 wide a step and 32 high, so that a note costs two elements and not 64. */
export function waveformPath(waveform: readonly number[]): string {
  return waveform
    .map((level, step) => {
      const height = Math.max(2.4, (level / VOICE_WAVEFORM_PEAK) * 30);
      const x = step * STEP + (STEP - BAR) / 2;
      return `M${x.toFixed(1)} ${(16 - height / 2).toFixed(1)}h${BAR}v${height.toFixed(1)}h-${BAR}z`;
    })
    .join('');
}
