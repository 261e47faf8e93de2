import { createStore, type Readable } from '../stores/store.ts';

const LOOK_EVERY = 100;
/** Nothing but zeros for so long is no quiet room, but a microphone that is off or taken, ms. */
const DEAD_AFTER = 4000;
/** What counts as full, dBFS; and as nothing. */
const [LOUD, QUIET] = [-12, -60];

export interface Meter {
  /** Loudness, 0 to 1. */
  readonly level: Readable<number>;
  /** Whether not the slightest noise has come for some seconds (AU-8). */
  readonly dead: Readable<boolean>;
  watch(stream: MediaStream): void;
  stop(): void;
}

/** Measures one's own microphone. */
export function createMeter(): Meter {
  const level = createStore(0);
  const dead = createStore(false);
  let context: AudioContext | null = null;
  let source: MediaStreamAudioSourceNode | null = null;
  let timer: ReturnType<typeof setInterval> | null = null;

  const stop = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    source?.disconnect();
    source = null;
    level.set(0);
    dead.set(false);
    void context?.suspend();
  };

  return {
    level,
    dead,
    stop,
    watch(stream) {
      stop();
      context ??= new AudioContext();
      const running = context;
      void running.resume();
      source = running.createMediaStreamSource(stream);
      const analyser = running.createAnalyser();
      analyser.fftSize = 2048;
      source.connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let soundAt = performance.now();
      timer = setInterval(() => {
        // A context that has not been let run measures nothing, and says nothing about the microphone.
        if (running.state !== 'running') return;
        analyser.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
        const decibels = 10 * Math.log10(power || Number.MIN_VALUE);
        const loudness = Math.min(1, Math.max(0, (decibels - QUIET) / (LOUD - QUIET)));
        level.set(Math.round(loudness * 50) / 50);
        const now = performance.now();
        if (power > 0) soundAt = now;
        dead.set(now - soundAt >= DEAD_AFTER);
      }, LOOK_EVERY);
    },
  };
}
