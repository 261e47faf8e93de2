/** Milliseconds after which what can wait has waited enough. */
const LIMIT = 8000;

let awaited = 0;
const waiting = new Set<() => void>();

/** Something that one waits for on the screen: what can wait lets it go first. */
export function busyWith<T>(work: Promise<T>): Promise<T> {
  awaited += 1;
  const end = () => {
    awaited -= 1;
    if (awaited === 0) for (const look of [...waiting]) look();
  };
  work.then(end, end);
  return work;
}

/**
 * Runs once nothing is on its way that one waits for, and the browser has nothing to do; or when that takes too long.
 * @returns what calls it off
 */
export function whenQuiet(run: () => void): () => void {
  let cancelIdle = () => {};
  const end = () => {
    waiting.delete(look);
    clearTimeout(limit);
    cancelIdle();
  };
  const go = () => {
    end();
    run();
  };
  const look = () => {
    cancelIdle();
    if (awaited === 0)
      cancelIdle = whenIdle(() => {
        if (awaited === 0) go();
      });
  };
  const limit = setTimeout(go, LIMIT);
  waiting.add(look);
  look();
  return end;
}

function whenIdle(run: () => void): () => void {
  // Safari never says that it is idle.
  if (!('requestIdleCallback' in globalThis)) {
    const timer = setTimeout(run, 200);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(run);
  return () => cancelIdleCallback(idle);
}
