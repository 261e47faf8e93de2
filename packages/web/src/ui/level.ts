import { type RefObject, useEffect } from 'react';

/** How loud someone is now, 0 to 1. Kept out of React: a level may change five times a second for every face on stage. */
export interface LevelSource {
  get(): number;
  subscribe(listener: () => void): () => void;
}

/** Writes the level to `--level` on the element, and `data-speaking` while it is above silence. */
export function useLevel(element: RefObject<HTMLElement | null>, source: LevelSource | undefined): void {
  useEffect(() => {
    const target = element.current;
    if (!target || !source) return;
    const write = () => {
      const level = source.get();
      target.style.setProperty('--level', level.toFixed(2));
      if (level > 0) target.dataset.speaking = '';
      else delete target.dataset.speaking;
    };
    write();
    const stop = source.subscribe(write);
    return () => {
      stop();
      delete target.dataset.speaking;
    };
  }, [element, source]);
}

/** A level that does not move, for previews and lists. */
export function steadyLevel(level: number): LevelSource {
  return { get: () => level, subscribe: () => () => {} };
}
