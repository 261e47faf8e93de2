import type { ParticipantId, Speaker } from '../types.ts';

/** Louder than this (in -dBov) lights the indicator. */
const SPEAKING_LEVEL = 50;
/** The indicator stays lit this long after the last loud packet, so that it does not flicker between words. */
const HOLD_MS = 400;
const QUIETEST = 60;
const RANGE_DB = 50;

interface Meter {
  /** Smoothed level in -dBov. */
  level: number;
  loudAt: number;
}

/** Who is speaking, and how loudly, from the level headers alone: nothing is decoded (AU-10). */
export class SpeakingMeters {
  readonly #meters = new Map<ParticipantId, Meter>();
  #reported: readonly Speaker[] = [];

  heard(id: ParticipantId, level: number, nowMs: number): void {
    let meter = this.#meters.get(id);
    if (meter === undefined) {
      meter = { level, loudAt: Number.NEGATIVE_INFINITY };
      this.#meters.set(id, meter);
    }
    meter.level += (level - meter.level) * (level < meter.level ? 0.5 : 0.1);
    if (level <= SPEAKING_LEVEL) meter.loudAt = nowMs;
  }

  remove(id: ParticipantId): void {
    this.#meters.delete(id);
  }

  /** What was last reported. */
  get reported(): readonly Speaker[] {
    return this.#reported;
  }

  /** The speakers now, sorted by id; undefined when that is what was last reported. Call at most 5 times a second. */
  report(nowMs: number): readonly Speaker[] | undefined {
    const speakers: Speaker[] = [];
    for (const [participantId, meter] of this.#meters) {
      if (nowMs - meter.loudAt <= HOLD_MS) speakers.push({ participantId, level: shown(meter.level) });
    }
    speakers.sort((a, b) => (a.participantId < b.participantId ? -1 : 1));
    if (same(speakers, this.#reported)) return undefined;
    this.#reported = speakers;
    return speakers;
  }
}

/** Tenths are what an eye can tell apart, and keep the events few. */
function shown(level: number): number {
  const loudness = (QUIETEST - level) / RANGE_DB;
  return Math.round(Math.max(0.1, Math.min(1, loudness)) * 10) / 10;
}

function same(one: readonly Speaker[], other: readonly Speaker[]): boolean {
  return (
    one.length === other.length &&
    one.every((speaker, index) => {
      const twin = other[index];
      return twin?.participantId === speaker.participantId && twin.level === speaker.level;
    })
  );
}
