/** A file that cannot be sent, and why; the one thing that reading an untrusted file throws on purpose. */
export class BadFile extends Error {
  readonly reason: 'type' | 'damaged' | 'too_large' | 'too_many_pixels' | 'too_long' | 'empty';
  /** What is allowed: bytes, pixels or seconds. */
  readonly max: number | undefined;

  /** @param found for the developer: which part of the file was wrong */
  constructor(reason: BadFile['reason'], found: string, max?: number) {
    super(`${reason}: ${found}`);
    this.name = 'BadFile';
    this.reason = reason;
    this.max = max;
  }
}

export const damaged = (found: string): BadFile => new BadFile('damaged', found);
