import { createStore, type Readable } from '@sotto/sdk';

/** A choice that this device keeps. Where storage is closed to us, it lasts as long as the page. */
export interface Kept<T> extends Readable<T> {
  set(value: T): void;
}

const PREFIX = 'sotto.';

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function writeKept(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // Full or closed storage costs the memory of a choice, nothing more.
  }
}

/** A kept choice out of a few words. */
export function keptChoice<T extends string>(name: string, choices: readonly T[], initial: T): Kept<T> {
  const saved = readKept(name);
  const store = createStore<T>(choices.find(choice => choice === saved) ?? initial);
  return {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    set(value) {
      writeKept(name, value === initial ? null : value);
      store.set(value);
    },
  };
}
