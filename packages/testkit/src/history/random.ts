/** Numbers that follow from a seed (mulberry32): the same seed makes the same choices. */
export interface SeededRandom {
  /** From 0 up to, and not, 1. */
  next(): number;
  /** A whole number from 0 up to, and not, `below`. */
  below(below: number): number;
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** One of its own for a part of the run, so that the parts do not take each other's numbers. */
  fork(name: string): SeededRandom;
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number): number => Math.floor(next() * most);
  return {
    next,
    below,
    between: (least, most) => least + next() * (most - least),
    pick: list => {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error('pick: nothing to choose from');
      return found;
    },
    fork: name => {
      let hash = seed >>> 0;
      for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
      return seededRandom(hash);
    },
  };
}
