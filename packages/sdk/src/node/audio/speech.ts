import { packetSamples, SAMPLES_PER_MS } from './opus.ts';
import type { OpusSource } from './source.ts';

/** One frame and its loudness in -dBov, on the source's own clock. */
export interface Utterance {
  readonly frame: Uint8Array;
  readonly level: number;
}

export interface SpeakOptions {
  /** Over and over, until stopped. */
  readonly loop?: boolean;
  /** Loudness said of every frame, in -dBov, in place of the source's own. */
  readonly level?: number;
}

/** Something being said. */
export interface Speech {
  /** Resolves when all is said, or it was stopped. Rejects when the source throws. */
  readonly done: Promise<void>;
  stop(): void;
}

type Frames = Iterable<Utterance> | AsyncIterable<Utterance>;

/** Behind by more than this, the clock starts anew rather than send a burst. */
const MAX_BEHIND_MS = 200;

/** Says frames at the pace of their own lengths, measured against the clock: late timers do not add up. */
export function startSpeech(frames: Frames, send: (utterance: Utterance) => void): Speech {
  const stop = new AbortController();
  const done = pace(frames, send, stop.signal);
  // Whoever does not await `done` must not find the process ended by it.
  done.catch(() => undefined);
  return { done, stop: () => stop.abort() };
}

/** The frames of a source with their levels, once or for ever. */
export function* utterances(source: OpusSource, options: SpeakOptions): Generator<Utterance> {
  do {
    for (const [index, frame] of source.frames.entries()) {
      yield { frame, level: options.level ?? source.levels[index] ?? 127 };
    }
  } while (options.loop === true && source.frames.length > 0);
}

async function pace(
  frames: Frames,
  send: (utterance: Utterance) => void,
  signal: AbortSignal,
): Promise<void> {
  let due = performance.now();
  for await (const utterance of frames) {
    const now = performance.now();
    if (now - due > MAX_BEHIND_MS) due = now;
    if (due > now) await pause(due - now, signal);
    if (signal.aborted) return;
    send(utterance);
    due += packetSamples(utterance.frame) / SAMPLES_PER_MS;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
  });
}
