import { ClientFrame } from '@sotto/protocol';

/** A client's frame, or what was wrong with it in the 123 bytes that a close frame has for it. */
export function parseFrame(text: string): { frame: ClientFrame } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'not JSON' };
  }
  const result = ClientFrame.safeParse(value);
  if (result.success) return { frame: result.data };
  const issue = result.error.issues[0];
  const path = issue?.path.join('.') || 'frame';
  return { problem: clip(`${path}: ${issue?.message ?? 'not in the contract'}`) };
}

const clip = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);

/** A bucket of tokens: so many at once, and then so many a second. */
export class FrameBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #at: number;

  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
    this.#at = now;
  }

  /** @param now milliseconds of a clock that does not jump */
  take(now: number, cost = 1): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
