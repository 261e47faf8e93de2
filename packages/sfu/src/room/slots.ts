import type { ParticipantId } from '../types.ts';

/** Quieter than this (in -dBov) is no voice in the contest for a slot. */
const VOICE_LEVEL = 60;
/** A pause this long is still the same speech. */
const BREATH_MS = 1_000;
/** Voice this long takes a slot whose holder has stopped speaking. */
const ONSET_MS = 40;
/** Voice this long, and louder, takes a slot from someone who still speaks: longer than a cough. */
const SUSTAINED_MS = 500;
const LOUDER_DB = 6;
/** A pause this long starts a new onset. */
const ONSET_GAP_MS = 250;
/** No packet at all for this long: the holder is gone, whatever became of its session. */
const GONE_MS = 5_000;
const RISE = 0.3;
const FALL = 0.05;

interface Contender {
  /** Smoothed loudness of the voice in dB above silence: quick to rise, slow to fall, and kept across a breath. */
  loudness: number;
  packetAt: number;
  voiceAt: number;
  onsetAt: number;
  slot: number;
  /** The slot last held, taken again when it is free: fewer switches for listeners. */
  lastSlot: number;
}

/**
 * Which producers hold the room's slots: the loudest K, with hysteresis (AU-1). A free slot goes to whoever sends;
 * a held one only to a voice that is not a cough, from a holder who is not merely taking breath.
 */
export class SlotTable {
  readonly #holders: (ParticipantId | null)[];
  readonly #contenders = new Map<ParticipantId, Contender>();
  #changed = false;

  constructor(slots: number) {
    this.#holders = Array.from({ length: slots }, () => null);
  }

  get holders(): readonly (ParticipantId | null)[] {
    return this.#holders;
  }

  /** Counts a packet of `level` (-dBov, 0 to 127). Returns the slot it goes to, or -1 when it has none. */
  heard(id: ParticipantId, level: number, nowMs: number): number {
    const contender = this.#contender(id, nowMs);
    update(contender, level, nowMs);
    if (contender.slot < 0) this.#contest(id, contender, nowMs);
    return contender.slot;
  }

  /** The producer may no longer speak, or is gone: its slot is free at once. */
  remove(id: ParticipantId): void {
    const contender = this.#contenders.get(id);
    if (contender === undefined) return;
    if (contender.slot >= 0) this.#release(contender);
    this.#contenders.delete(id);
  }

  /** Frees the slots of those from whom nothing comes any more. */
  sweep(nowMs: number): void {
    for (const contender of this.#contenders.values()) {
      if (contender.slot >= 0 && nowMs - contender.packetAt > GONE_MS) this.#release(contender);
    }
  }

  /** True once after each change of a holder. */
  takeChange(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  #contender(id: ParticipantId, nowMs: number): Contender {
    const known = this.#contenders.get(id);
    if (known !== undefined) return known;
    const fresh: Contender = {
      loudness: 0,
      packetAt: nowMs,
      voiceAt: Number.NEGATIVE_INFINITY,
      onsetAt: Number.NEGATIVE_INFINITY,
      slot: -1,
      lastSlot: -1,
    };
    this.#contenders.set(id, fresh);
    return fresh;
  }

  #contest(id: ParticipantId, challenger: Contender, nowMs: number): void {
    const free = this.#freeSlot(challenger.lastSlot);
    if (free >= 0) {
      this.#take(free, id, challenger);
      return;
    }
    if (challenger.voiceAt !== nowMs) return;
    const voiced = nowMs - challenger.onsetAt;
    if (voiced < ONSET_MS) return;
    const weakest = this.#weakest(nowMs);
    if (weakest === undefined) return;
    const silent = nowMs - weakest.voiceAt > BREATH_MS;
    const outspoken = voiced >= SUSTAINED_MS && challenger.loudness >= weakest.loudness + LOUDER_DB;
    if (!silent && !outspoken) return;
    const slot = weakest.slot;
    this.#release(weakest);
    this.#take(slot, id, challenger);
  }

  #freeSlot(preferred: number): number {
    if (preferred >= 0 && this.#holders[preferred] === null) return preferred;
    return this.#holders.indexOf(null);
  }

  /** The holder silent for longest when one is past a breath, else the least loud. */
  #weakest(nowMs: number): Contender | undefined {
    let weakest: Contender | undefined;
    for (const holder of this.#holders) {
      const contender = holder === null ? undefined : this.#contenders.get(holder);
      if (contender === undefined) continue;
      if (weakest === undefined || weaker(contender, weakest, nowMs)) weakest = contender;
    }
    return weakest;
  }

  #take(slot: number, id: ParticipantId, contender: Contender): void {
    this.#holders[slot] = id;
    contender.slot = slot;
    contender.lastSlot = slot;
    this.#changed = true;
  }

  #release(contender: Contender): void {
    this.#holders[contender.slot] = null;
    contender.slot = -1;
    this.#changed = true;
  }
}

function update(contender: Contender, level: number, nowMs: number): void {
  contender.packetAt = nowMs;
  if (level >= VOICE_LEVEL) return;
  const pause = nowMs - contender.voiceAt;
  if (pause > ONSET_GAP_MS) contender.onsetAt = nowMs;
  if (pause > BREATH_MS) contender.loudness = 0;
  contender.voiceAt = nowMs;
  const loudness = 127 - level;
  contender.loudness += (loudness - contender.loudness) * (loudness > contender.loudness ? RISE : FALL);
}

function weaker(one: Contender, other: Contender, nowMs: number): boolean {
  const oneSilent = nowMs - one.voiceAt > BREATH_MS;
  const otherSilent = nowMs - other.voiceAt > BREATH_MS;
  if (oneSilent !== otherSilent) return oneSilent;
  return oneSilent ? one.voiceAt < other.voiceAt : one.loudness < other.loudness;
}
