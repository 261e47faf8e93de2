import type { MediaEvents, MediaLog, MediaNodeEvents } from './types.ts';

type Listener<Name extends keyof MediaNodeEvents> = (event: MediaNodeEvents[Name]) => void;
type Listeners = { [Name in keyof MediaNodeEvents]: Set<Listener<Name>> };

/** The node's events. A listener that throws is logged; the others still hear. */
export class Emitter implements MediaEvents {
  readonly #log: MediaLog;
  readonly #listeners: Listeners = {
    slots: new Set(),
    speaking: new Set(),
    connected: new Set(),
    closed: new Set(),
    silentUplink: new Set(),
    draining: new Set(),
  };

  constructor(log: MediaLog) {
    this.#log = log;
  }

  on<Name extends keyof MediaNodeEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.#listeners[name];
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends keyof MediaNodeEvents>(name: Name, event: MediaNodeEvents[Name]): void {
    const listeners: Set<Listener<Name>> = this.#listeners[name];
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.warn({ event: name, error: String(error) }, 'media node listener failed');
      }
    }
  }
}
