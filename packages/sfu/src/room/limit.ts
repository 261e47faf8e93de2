/** A token bucket. `perSecond` is what it lets through for long, `burst` what at once. */
export class Limit {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = nowMs;
  }

  /** True when `amount` may pass now, and takes it. A clock that steps back gives nothing. */
  take(amount: number, nowMs: number): boolean {
    const elapsed = Math.max(0, nowMs - this.#at);
    this.#at = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perMs);
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }
}
